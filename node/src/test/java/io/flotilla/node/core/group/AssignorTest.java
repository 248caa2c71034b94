package io.flotilla.node.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.Seeds;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.GroupTopic;
import io.flotilla.proto.state.v1.MemberState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sharing out, without a group around it. */
class AssignorTest {

  private static final int MEMBERS = 1_000;
  private static final int PARTITIONS = 2_000;
  private static final long SHARE_MS_MAX = 500;

  private static Member member(String id, String... topics) {
    return Member.said(
        MemberState.newBuilder().setMemberId(id).addAllTopics(List.of(topics)).build());
  }

  private static SortedMap<String, Member> members(int count, String... topics) {
    SortedMap<String, Member> members = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      Member member = member("m%04d".formatted(i), topics);
      members.put(member.id(), member);
    }
    return members;
  }

  private static Map<String, SortedSet<PartitionId>> share(
      SortedMap<String, Member> members, List<GroupTopic> topics) {
    Map<String, SortedSet<PartitionId>> shares = new StickyAssignor(false).assign(members, topics);
    members.values().forEach(m -> m.target = shares.getOrDefault(m.id(), new TreeSet<>()));
    return shares;
  }

  private static int moved(
      Map<String, SortedSet<PartitionId>> before, Map<String, SortedSet<PartitionId>> after) {
    int moved = 0;
    for (Map.Entry<String, SortedSet<PartitionId>> share : before.entrySet()) {
      for (PartitionId id : share.getValue()) {
        moved += after.getOrDefault(share.getKey(), new TreeSet<>()).contains(id) ? 0 : 1;
      }
    }
    return moved;
  }

  @Test
  void oneMoreMemberTakesItsFairShareAndNothingElseMoves() {
    List<GroupTopic> topics = List.of(Groups.known("t1", 60));
    SortedMap<String, Member> members = members(5, "t1");
    var before = share(members, topics);
    members.put("new", member("new", "t1"));
    var after = share(members, topics);
    assertThat(after.get("new")).hasSize(10);
    assertThat(moved(before, after)).isEqualTo(10);
  }

  @Test
  void oneMemberLessMovesItsShareOnly() {
    List<GroupTopic> topics = List.of(Groups.known("t1", 60));
    SortedMap<String, Member> members = members(6, "t1");
    var before = share(members, topics);
    members.remove("m0002");
    var after = share(members, topics);
    assertThat(moved(before, after)).isEqualTo(10);
    assertThat(after.values()).allMatch(share -> share.size() == 12);
  }

  @Test
  void membersGetOnlyWhatTheyWant() {
    Seeds.some(5)
        .forEach(
            seed -> {
              Random random = new Random(seed);
              List<GroupTopic> topics = new ArrayList<>();
              for (int i = 1; i <= 6; i++) {
                topics.add(Groups.known("t" + i, 1 + random.nextInt(9)));
              }
              SortedMap<String, Member> members = new TreeMap<>();
              for (int round = 0; round < 30; round++) {
                String id = "m" + random.nextInt(12);
                if (random.nextInt(3) == 0) {
                  members.remove(id);
                } else {
                  members.put(
                      id, member(id, "t" + (1 + random.nextInt(6)), "t" + (1 + random.nextInt(6))));
                }
                share(members, topics)
                    .forEach((owner, share) -> wants(seed, members, owner, share));
              }
            });
  }

  private static void wants(
      long seed, SortedMap<String, Member> members, String owner, SortedSet<PartitionId> share) {
    for (PartitionId id : share) {
      assertThat(members.get(owner))
          .as("seed %d: %s of %s", seed, id, owner)
          .matches(member -> member != null && member.wants("t" + id.topicId()));
    }
  }

  @Test
  void aThousandMembersAreSharedOutQuickly() {
    List<GroupTopic> topics = List.of(Groups.known("t1", PARTITIONS));
    SortedMap<String, Member> members = members(MEMBERS, "t*");
    share(members, topics);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      members.remove(members.firstKey());
      long begin = System.nanoTime();
      share(members, topics);
      best = Math.min(best, (System.nanoTime() - begin) / 1_000_000);
    }
    System.out.printf(
        "%d partitions among %d members: shared out in %d ms%n", PARTITIONS, MEMBERS, best);
    assertThat(best).isLessThan(SHARE_MS_MAX);
  }
}
