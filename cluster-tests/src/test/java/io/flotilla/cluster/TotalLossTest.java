package io.flotilla.cluster;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * All nodes are killed at once, as by a power cut that spares the page cache, and started again.
 */
class TotalLossTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SOME = 500;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void nothingAcknowledgedIsLostWhenAllNodesAreKilled() {
    cluster.createTopic("orders", 3);
    long seed = Seeds.next("TotalLossTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 3, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      cluster.killAll();

      cluster.ids().forEach(cluster::start);
      cluster.awaitReady();

      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }
  }

  @Test
  void nothingAcknowledgedIsLostWhenNodesAreKilledOneAfterTheOther() {
    cluster.createTopic("payments", 3);
    long seed = Seeds.next("TotalLossTest");
    try (Workload workload = Workload.start(cluster.servers(), "payments", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      for (int node = 1; node <= cluster.size(); node++) {
        cluster.restart(node);
        cluster.awaitReady();
        workload.awaitAcknowledged(SOME, SOON);
      }

      Verdict.sound(cluster, workload);
    }
  }
}
