package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.Corruption;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.FetchResponse;
import io.grpc.Status;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A reader meets events that a disk has falsified: it is told, and the next one finds them whole.
 */
@Tag("long")
class CorruptReadTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SOME = 500;

  /** Nothing is looked for in the background. */
  @RegisterExtension
  static final TestCluster cluster = TestCluster.of(3).with("partitions: {scrub-interval: 0s}");

  @Test
  void aReaderHearsOfDataLossAndTheReplicaIsRepaired() throws Exception {
    cluster.createTopic("ledger", 1);
    long seed = Seeds.next("CorruptReadTest");
    try (Workload workload = Workload.start(cluster.servers(), "ledger", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }
    int node = cluster.awaitLeader("ledger", 0) % cluster.size() + 1;
    cluster.terminate(node);
    Corruption.flipOneBitOfEvents(cluster.node(node).folder());
    cluster.start(node);
    cluster.awaitReady();
    cluster.awaitCaughtUp();

    Refusal told = Refusal.of(() -> readAll(node));
    assertThat(told.reason()).isEqualTo(ErrorReason.ERROR_REASON_CORRUPT_DATA);
    assertThat(told.code()).isEqualTo(Status.Code.DATA_LOSS);

    Await.until(
        "node " + node + " is rebuilt",
        SOON,
        () -> Files.readString(cluster.node(node).log()).contains("rebuild is complete"));
    cluster.awaitWhole();
    assertThat(readAll(node)).isPositive();
  }

  /** Of one node's replica, from the first event to the last; how many there were. */
  private static long readAll(int node) {
    FetchRequest.Builder request = FetchRequest.newBuilder().setTopic("ledger");
    long end = Long.MAX_VALUE;
    while (request.getOffset() < end) {
      FetchResponse answer = cluster.wire(node).consumer().fetch(request.build());
      end = answer.getHighWatermark();
      request.setOffset(answer.getNextOffset());
    }
    return end;
  }
}
