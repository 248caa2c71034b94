package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.Write.Outcome;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes are asked to stop: in turn, under load, and while another one hangs. */
@Tag("long")
class GracefulStopTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOME = 300;

  /**
   * Docker gives ten seconds. Of them, two are for a hand-over to just the one that hangs, three
   * for its calls, three for Ratis to give up its connection.
   */
  private static final Duration STOP_MAX = Duration.ofMillis(9_500);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void rollingRestartFailsNoWrite() {
    cluster.createTopic("orders", 3);
    long seed = Seeds.next("GracefulStopTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 3, seed)) {
      for (int node = 1; node <= cluster.size(); node++) {
        workload.awaitAcknowledged(SOME, SOON);

        Duration took = cluster.terminate(node);
        System.out.printf("node %d stopped under load after %d ms%n", node, took.toMillis());

        workload.awaitAcknowledged(SOME, SOON);
        cluster.start(node);
        cluster.awaitReady();
      }

      History history = Verdict.sound(cluster, workload);
      assertThat(history.writes()).allMatch(write -> write.outcome() == Outcome.OK);
    }
  }

  @Test
  void aNodeStopsInTimeWhileAnotherHangs() {
    cluster.createTopic("calm", 3);
    cluster.awaitReady();
    cluster.pause(3);

    Duration took = cluster.terminate(1);
    System.out.printf("node 1 stopped beside one that hangs after %d ms%n", took.toMillis());
    assertThat(took).isLessThan(STOP_MAX);

    cluster.resume(3);
    cluster.start(1);
    cluster.awaitReady();
  }
}
