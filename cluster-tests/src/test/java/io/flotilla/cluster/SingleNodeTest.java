package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One node is a whole cluster, for development, and keeps its promises. */
class SingleNodeTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOME = 500;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(1);

  @Test
  void singleNodeSurvivesItsKill() {
    Topic topic = cluster.createTopic("orders", 3);
    assertThat(topic.getReplicationFactor()).isEqualTo(1);
    long seed = Seeds.next("SingleNodeTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      cluster.restart(1);
      cluster.awaitReady();

      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }
  }
}
