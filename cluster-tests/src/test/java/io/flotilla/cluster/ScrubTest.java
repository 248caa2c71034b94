package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.Corruption;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A disk falsifies events that nobody reads: they are found and repaired before anybody does. */
@Tag("long")
class ScrubTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SOME = 500;

  @RegisterExtension
  static final TestCluster cluster =
      TestCluster.of(3).with("partitions: {scrub-interval: 2s, scrub-bytes-per-second: 64MiB}");

  @Test
  void whatADiskFalsifiedOnOneNodeIsRepairedFromTheOthersWhilePublishingGoesOn() throws Exception {
    cluster.createTopic("ledger", 1);
    long seed = Seeds.next("ScrubTest");
    try (Workload workload = Workload.start(cluster.servers(), "ledger", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);
      int node = cluster.awaitLeader("ledger", 0);
      cluster.terminate(node);
      Corruption.flipOneBitOfEvents(cluster.node(node).folder());

      cluster.start(node);

      cluster.awaitReady();
      Await.until(
          "node " + node + " hears that it is damaged, and is rebuilt",
          SOON,
          () -> told(node, "replica here is damaged") && told(node, "rebuild is complete"));
      workload.awaitAcknowledged(SOME, SOON);
      cluster.awaitWhole();
      Verdict.sound(cluster, workload);
    }
    Script.Result verified =
        Script.in(NodeProcess.home())
            .run(SOON, "./flotilla", "verify", "ledger", "--server", cluster.servers());
    assertThat(verified.exitCode()).as(verified.output()).isZero();
  }

  private static boolean told(int node, String what) throws IOException {
    return Files.readString(cluster.node(node).log()).contains(what);
  }
}
