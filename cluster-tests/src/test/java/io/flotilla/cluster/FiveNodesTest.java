package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.v1.Partition;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Five nodes form a cluster; each partition lives on three of them. */
@Tag("campaign")
class FiveNodesTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SOME = 300;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(5);

  @Test
  void twoOfFiveNodesMayDieWithoutLoss() {
    Topic topic = cluster.createTopic("orders", 5);
    assertThat(topic.getReplicationFactor()).isEqualTo(3);
    assertThat(topic.getPartitionsList())
        .allSatisfy(partition -> assertThat(partition.getReplicasList()).hasSize(3))
        .flatExtracting(Partition::getReplicasList)
        .as("all nodes hold something")
        .contains(1, 2, 3, 4, 5);
    long seed = Seeds.next("FiveNodesTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      int metadataLeader = cluster.awaitMetadataLeader();
      cluster.kill(metadataLeader);
      int next = cluster.awaitMetadataLeader();

      assertThat(next).isNotEqualTo(metadataLeader);
      workload.awaitAcknowledged(SOME, SOON);
      cluster.kill(next);
      assertThat(cluster.awaitMetadataLeader()).isNotIn(metadataLeader, next);

      cluster.start(metadataLeader);
      cluster.start(next);
      cluster.awaitReady();

      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }
  }
}
