package io.flotilla.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members come and go under 2,000 events a second. */
@Tag("campaign")
class RebalanceTest {
  private static final int PARTITIONS = 12;
  private static final int CHANGES = 6;
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void everyEventIsDeliveredAndWhatIsCommittedNeverAgain() {
    cluster.createTopic("moving", PARTITIONS);
    long seed = Seeds.next("RebalanceTest");
    Random random = new Random(seed);
    try (Workload workload = Workload.start(cluster.servers(), "moving", 4, seed);
        Members members = new Members(cluster, "moving", "moving", PARTITIONS)) {
      List<MemberProcess> there = new ArrayList<>();
      there.add(members.start("m0"));
      members.awaitShared(there.toArray(MemberProcess[]::new));
      for (int i = 1; i <= CHANGES; i++) {
        boolean joins = there.size() == 1 || (there.size() < 4 && random.nextBoolean());
        if (joins) {
          there.add(members.start("m" + i));
        } else {
          MemberProcess gone = there.remove(random.nextInt(there.size()));
          if (random.nextBoolean()) {
            gone.leave();
          } else {
            gone.kill();
          }
        }
        members.awaitShared(there.toArray(MemberProcess[]::new));
      }
      long repeated = members.finish(workload, SOON);
      System.out.printf("%d changes of members: %d events twice%n", CHANGES, repeated);
    }
  }

  @Test
  void onlyPartitionsThatMovePause() {
    cluster.createTopic("calm", PARTITIONS);
    long seed = Seeds.next("RebalanceTest");
    try (Workload workload = Workload.start(cluster.servers(), "calm", 4, seed);
        Members members = new Members(cluster, "calm", "calm", PARTITIONS)) {
      MemberProcess first = members.start("first");
      members.awaitShared(first);
      MemberProcess second = members.start("second");
      members.awaitShared(first, second);
      MemberProcess third = members.start("third");
      members.awaitShared(first, second, third);

      // Six of twelve move when the second comes, two from each when the third does.
      assertThat(first.lines("revoked")).hasSize(8);
      assertThat(second.lines("revoked")).hasSize(2);
      assertThat(members.finish(workload, SOON)).as("nobody died, so nothing came twice").isZero();
    }
  }

  @Test
  void aRollingRestartOfStaticMembersMovesNothing() {
    cluster.createTopic("static", PARTITIONS);
    long seed = Seeds.next("RebalanceTest");
    try (Workload workload = Workload.start(cluster.servers(), "static", 2, seed);
        Members members = new Members(cluster, "static", "static", PARTITIONS)) {
      List<MemberProcess> there = new ArrayList<>();
      for (String name : List.of("s0", "s1", "s2")) {
        there.add(members.start(name, "instance=" + name));
      }
      members.awaitShared(there.toArray(MemberProcess[]::new));
      int revoked = revoked(there);
      for (int i = 0; i < there.size(); i++) {
        MemberProcess old = there.get(i);
        List<Integer> its = old.partitions();
        old.kill();
        MemberProcess restarted = members.start(old.name(), "instance=" + old.name());
        there.set(i, restarted);
        restarted.awaitJoins(2);
        members.awaitShared(there.toArray(MemberProcess[]::new));
        assertThat(restarted.partitions()).isEqualTo(its);
      }
      assertThat(revoked(there)).as("nothing moved").isEqualTo(revoked);
      members.finish(workload, SOON);
    }
  }

  private static int revoked(List<MemberProcess> members) {
    return members.stream().mapToInt(member -> member.lines("revoked").size()).sum();
  }
}
