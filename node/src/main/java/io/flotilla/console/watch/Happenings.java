package io.flotilla.console.watch;

import io.flotilla.client.GroupDescription;
import io.flotilla.client.NodeDescription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The last things that happened, told by the difference of two samples. Safe. */
final class Happenings {

  private static final int KEPT_MAX = 40;
  private static final int LEADERS_NAMED_MAX = 3;

  private final Deque<Happening> kept = new ArrayDeque<>();

  /** Newest first. */
  synchronized List<Happening> last(int count) {
    return kept.stream().limit(count).toList();
  }

  synchronized void compare(Sample before, Sample now) {
    List<Happening> found = new ArrayList<>();
    nodes(before, now, found);
    int leader = now.cluster().metadataLeader();
    if (leader != 0 && leader != before.cluster().metadataLeader()) {
      add(found, now, "Node " + leader + " leads the metadata", "nodes");
    }
    topics(before, now, found);
    leaders(before, now, found);
    groups(before, now, found);
    found.forEach(kept::addFirst);
    while (kept.size() > KEPT_MAX) {
      kept.removeLast();
    }
  }

  private static void add(List<Happening> found, Sample now, String text, String link) {
    found.add(new Happening(now.atMs(), text, link));
  }

  private static void nodes(Sample before, Sample now, List<Happening> found) {
    Map<Integer, NodeDescription> earlier = new HashMap<>();
    before.cluster().nodes().forEach(node -> earlier.put(node.nodeId(), node));
    for (NodeDescription node : now.cluster().nodes()) {
      NodeDescription was = earlier.get(node.nodeId());
      String name = "Node " + node.nodeId();
      if (was == null) {
        add(found, now, name + " joined", "nodes");
      } else if (Sample.up(was) != Sample.up(node)) {
        add(found, now, name + (Sample.up(node) ? " answers again" : " does not answer"), "nodes");
      } else if (Sample.up(node) && was.diskState() != node.diskState()) {
        add(found, now, name + "'s disk: " + disk(node.diskState()), "nodes");
      }
    }
  }

  private static String disk(NodeDescription.DiskState state) {
    return switch (state) {
      case NORMAL -> "enough is free again";
      case WARN -> "little is free";
      case FULL -> "full, publishing is refused";
      case UNKNOWN -> "not known";
    };
  }

  private static void topics(Sample before, Sample now, List<Happening> found) {
    for (String name : now.topics().keySet()) {
      if (!before.topics().containsKey(name)) {
        add(found, now, "Topic " + name + " created", "topics/" + name);
      }
    }
    for (String name : before.topics().keySet()) {
      if (!now.topics().containsKey(name)) {
        add(found, now, "Topic " + name + " deleted", "topics");
      }
    }
  }

  private static void leaders(Sample before, Sample now, List<Happening> found) {
    Map<Integer, List<String>> moved = new TreeMap<>();
    for (TopicNow topic : now.topics().values()) {
      TopicNow was = before.topics().get(topic.name());
      int both = was == null ? 0 : Math.min(was.partitions().size(), topic.partitions().size());
      for (int i = 0; was != null && i < both; i++) {
        int from = was.partitions().get(i).leaderNode();
        int to = topic.partitions().get(i).leaderNode();
        if (to != 0 && from != to) {
          moved.computeIfAbsent(to, node -> new ArrayList<>()).add(topic.name() + "/" + i);
        }
      }
    }
    moved.forEach(
        (node, partitions) -> {
          String which =
              partitions.size() <= LEADERS_NAMED_MAX
                  ? String.join(", ", partitions)
                  : partitions.size() + " more partitions";
          add(found, now, "Node " + node + " leads " + which + " now", "nodes");
        });
  }

  private static void groups(Sample before, Sample now, List<Happening> found) {
    if (before.groups().isEmpty()) {
      return; // They may just not have been listed yet.
    }
    Map<String, GroupDescription> earlier = new HashMap<>();
    before.groups().forEach(group -> earlier.put(group.name(), group));
    for (GroupDescription group : now.groups()) {
      GroupDescription was = earlier.get(group.name());
      String link = "groups/" + group.name();
      if (was == null) {
        add(found, now, "Group " + group.name() + " is new", link);
      } else if (was.memberCount() != group.memberCount()) {
        add(
            found,
            now,
            "Group "
                + group.name()
                + ": "
                + was.memberCount()
                + " → "
                + group.memberCount()
                + " members",
            link);
      }
    }
  }
}
