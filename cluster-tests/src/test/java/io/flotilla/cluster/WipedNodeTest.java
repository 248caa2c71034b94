package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.OffsetCommit;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node comes back with an empty disk: it used to be refused for ever. */
@Tag("campaign")
class WipedNodeTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int SOME = 500;

  /** Logs are purged soon, so that more than the logs has to be given to the node. */
  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3).with("raft: {checkpoint-interval: 1s, log-keep-bytes: 0}");

  @Test
  void wipedNodesComeBackByThemselvesAndNothingIsLostWhenTheOthersAreWipedNext() {
    cluster.createTopic("orders", 3);
    long seed = Seeds.next("WipedNodeTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 3, seed)) {
      workload.awaitAcknowledged(SOME, SOON);
      commit();
      for (int node = 1; node <= cluster.size(); node++) {
        workload.awaitAcknowledged(SOME, SOON);
        cluster.kill(node);
        cluster.wipe(node);

        long begin = System.nanoTime();
        cluster.start(node);

        // Only a whole cluster survives the next one.
        cluster.awaitReady();
        cluster.awaitWhole();
        System.out.println(
            "node rebuilt after " + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
      }
      workload.awaitAcknowledged(SOME, SOON);
      assertThat(committed()).as("no disk is left that it was first written to").isEqualTo(1);
      Verdict.sound(cluster, workload);
    }
  }

  private static void commit() {
    CommitOffsetsRequest request =
        CommitOffsetsRequest.newBuilder()
            .setGroup("auditors")
            .addOffsets(OffsetCommit.newBuilder().setTopic("orders").setOffset(1))
            .build();
    // The first commit of all makes the coordinators, which takes its time on a busy machine.
    Await.until(
        "the offset is committed",
        SOON,
        () -> !cluster.wire(1).offsets().commitOffsets(request).getResults(0).hasFailure());
  }

  private static long committed() {
    FetchOffsetsRequest request =
        FetchOffsetsRequest.newBuilder()
            .setGroup("auditors")
            .setTopic("orders")
            .addPartitions(0)
            .build();
    return cluster.wire(1).offsets().fetchOffsets(request).getOffsets(0).getOffset();
  }
}
