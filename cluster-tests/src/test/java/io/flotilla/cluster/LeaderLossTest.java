package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.check.History;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The leader of a partition is killed under load, and its place is taken at once. */
class LeaderLossTest {
  private static final Duration PAUSE_MAX = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOME = 500;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void killedLeaderLosesNothingAndWritesResume() {
    cluster.createTopic("orders", 3);
    long seed = Seeds.next("LeaderLossTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 3, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      int killed = cluster.awaitLeader("orders", 0);
      cluster.kill(killed);

      int successor = cluster.awaitLeader("orders", 0);
      assertThat(successor).isNotEqualTo(killed);
      workload.awaitAcknowledged(SOME, SOON);

      cluster.start(killed);
      cluster.awaitReady();
      workload.awaitAcknowledged(SOME, SOON);

      History history = Verdict.sound(cluster, workload);
      long pause = history.longestPauseMillis(List.of(0));
      System.out.printf("leader killed: writes to its partition paused for %d ms%n", pause);
      assertThat(pause).isLessThan(PAUSE_MAX.toMillis());
    }
  }
}
