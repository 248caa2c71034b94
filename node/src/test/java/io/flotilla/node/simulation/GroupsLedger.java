package io.flotilla.node.simulation;

import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.core.group.Groups;
import io.flotilla.node.core.group.TopicPattern;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.MemberState;
import io.flotilla.proto.state.v1.OwnedPartition;
import io.flotilla.proto.state.v1.PartitionRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What consumer groups have been: who was given which partition in which generation. Confined to
 * one thread.
 */
final class GroupsLedger {

  private record Grant(PartitionId partition, String group) {}

  private record Given(String member, long generation) {}

  private final Tally tally;
  private final Map<String, GroupImage> seen = new HashMap<>();
  private final Map<String, Long> generations = new HashMap<>();
  private final Map<Grant, Given> last = new HashMap<>();
  private final Map<Grant, Set<Long>> given = new HashMap<>();

  GroupsLedger(Tally tally) {
    this.tally = tally;
  }

  /** An entry was applied for the first time: how the groups are now. */
  void changed(Map<String, GroupImage> images) {
    images.forEach(
        (name, image) -> {
          if (!image.equals(seen.get(name))) {
            check(name, image);
            seen.put(name, image);
          }
        });
    seen.keySet().retainAll(images.keySet());
  }

  private void check(String name, GroupImage image) {
    long generation = image.state().getGeneration();
    long before = generations.getOrDefault(name, 0L);
    Invariant.G2.holds(
        generation >= before, "%s goes from generation %d to %d", name, before, generation);
    if (image.state().getBornGeneration() == generation && !seen.containsKey(name)) {
      Invariant.G2.holds(
          generation > before, "%s is born in %d, it had been in %d", name, generation, before);
    }
    if (generation > before) {
      tally.count(Tally.Event.GENERATION_RAISED);
    }
    generations.put(name, generation);
    checkShares(name, image);
    for (MemberState member : image.members().values()) {
      for (OwnedPartition one : member.getOwnedList()) {
        grant(name, member.getMemberId(), one);
      }
    }
  }

  /** Everybody's share is apart from the others', and all of them are all there is. */
  private static void checkShares(String name, GroupImage image) {
    try {
      Groups.owned(image);
    } catch (AssertionError twoOwners) {
      throw new Violation(Invariant.G1, twoOwners);
    }
    Set<PartitionRef> shares = new HashSet<>();
    int sum = 0;
    for (MemberState member : image.members().values()) {
      shares.addAll(member.getTargetList());
      sum += member.getTargetCount();
    }
    int wanted = 0;
    for (GroupTopic topic : image.state().getTopicsList()) {
      boolean isWanted =
          image.members().values().stream()
              .flatMap(member -> member.getTopicsList().stream())
              .anyMatch(pattern -> new TopicPattern(pattern).matches(topic.getName()));
      wanted += isWanted ? topic.getPartitions() : 0;
    }
    Invariant.G1.holds(
        shares.size() == sum && sum == wanted,
        "%s shares out %d of %d partitions, %d times",
        name,
        shares.size(),
        wanted,
        sum);
  }

  private void grant(String name, String member, OwnedPartition one) {
    Grant grant = new Grant(new PartitionId(one.getTopicId(), one.getPartition()), name);
    Given now = new Given(member, one.getGeneration());
    Given before = last.put(grant, now);
    if (before != null && !before.member.equals(member)) {
      Invariant.G2.holds(
          now.generation > before.generation,
          "%s goes from %s to %s without a higher generation",
          grant,
          before,
          now);
    }
    given.computeIfAbsent(grant, any -> new HashSet<>()).add(now.generation);
  }

  /** A generation of the whole group, which is not a member's, was given out for a reset. */
  void fenced(String group, PartitionId partition, long generation) {
    given.computeIfAbsent(new Grant(partition, group), any -> new HashSet<>()).add(generation);
  }

  /** Who speaks for a partition was given it. */
  void checkGiven(PartitionId partition, String group, long generation) {
    Set<Long> all = given.getOrDefault(new Grant(partition, group), Set.of());
    Invariant.G3.holds(
        all.contains(generation),
        "%s, %s: generation %d was never given out",
        partition,
        group,
        generation);
  }
}
