package io.flotilla.console.watch;

import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the cluster is, in a sentence.
 *
 * @param level how bad it is
 * @param sentence what is the matter first, or that nothing is
 * @param more what else is the matter
 */
public record Health(Level level, String sentence, List<String> more) {

  /** How bad it is. */
  public enum Level {
    /** Everything is as it should be. */
    OK,
    /** It works; something has to be done. */
    WARN,
    /** Something cannot be written or read. */
    BAD
  }

  private static final int NAMED_MAX = 3;

  /** So many replicas are told at once, not more. */
  private static final int TOLD_MAX = 10_000;

  public static Health of(Sample sample) {
    List<String> bad = new ArrayList<>();
    List<String> warn = new ArrayList<>();
    if (sample.cluster().metadataLeader() == 0) {
      bad.add("Nobody leads the metadata: topics and groups cannot be changed");
    }
    List<String> leaderless = new ArrayList<>();
    long incomplete = 0;
    for (TopicNow topic : sample.topics().values()) {
      for (PartitionNow partition : topic.partitions()) {
        if (partition.leader() == null) {
          leaderless.add(topic.name() + "/" + partition.partition());
        } else if (!partition.missing().isEmpty()) {
          incomplete++;
        }
      }
    }
    if (!leaderless.isEmpty()) {
      bad.add(count(leaderless.size(), "partition") + " without leader: " + some(leaderless));
    }
    for (NodeDescription node : sample.cluster().nodes()) {
      if (!Sample.up(node)) {
        warn.add("Node " + node.nodeId() + " does not answer");
      } else if (node.diskState() == DiskState.FULL) {
        bad.add("The disk of node " + node.nodeId() + " is full: publishing is refused");
      } else if (node.diskState() == DiskState.WARN) {
        warn.add("The disk of node " + node.nodeId() + " is nearly full");
      }
    }
    if (incomplete > 0) {
      warn.add(count(incomplete, "partition") + " with fewer replicas than wanted, all led");
    }
    List<String> all = new ArrayList<>(bad);
    all.addAll(warn);
    String unseen = unseen(sample);
    if (all.isEmpty()) {
      return unseen.isEmpty()
          ? new Health(Level.OK, healthy(sample), List.of())
          : new Health(Level.OK, "Nothing is wrong with what was seen", List.of(unseen));
    }
    if (!unseen.isEmpty()) {
      all.add(unseen);
    }
    return new Health(
        bad.isEmpty() ? Level.WARN : Level.BAD, all.get(0), all.subList(1, all.size()));
  }

  /** More replicas than a node tells at once. */
  private static String unseen(Sample sample) {
    long seen =
        sample.topics().values().stream().mapToLong(topic -> topic.partitions().size()).sum();
    int all = sample.cluster().partitionCount();
    return sample.cluster().replicas().size() < TOLD_MAX || seen >= all
        ? ""
        : String.format(Locale.ROOT, "Only %,d of %,d partitions were looked at", seen, all);
  }

  private static String healthy(Sample sample) {
    int nodes = sample.cluster().nodes().size();
    int partitions = sample.cluster().partitionCount();
    String first = "Healthy: " + sample.nodesUp() + " of " + count(nodes, "node") + " up, ";
    return partitions == 0
        ? first + "no topics yet"
        : first + count(partitions, "partition") + ", all led and replicated";
  }

  private static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  private static String some(List<String> names) {
    String first = names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
    return names.size() > NAMED_MAX ? first + ", …" : first;
  }
}
