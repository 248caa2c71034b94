package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Corruption;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator asks whether the replicas agree, and is told the truth by the exit code. */
class VerifyTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOME = 500;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void verifyFindsOneFlippedBitOnOneNode() throws IOException {
    cluster.createTopic("ledger", 1);
    long seed = Seeds.next("VerifyTest");
    try (Workload workload = Workload.start(cluster.servers(), "ledger", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }

    Script.Result sound = verify();
    assertThat(sound.exitCode()).as(sound.output()).isZero();
    assertThat(sound.lastLine()).isEqualTo("ledger: all 3 replicas checked, all equal");

    cluster.terminate(2);
    Corruption.flipOneBitOfEvents(cluster.node(2).folder());
    cluster.start(2);
    cluster.awaitReady();

    Script.Result damaged = verify();
    assertThat(damaged.exitCode()).as(damaged.output()).isEqualTo(1);
    assertThat(damaged.output()).contains("partition 0 on node 2 is corrupt from offset ");
    assertThat(damaged.lastLine()).isEqualTo("ledger: 2 of 3 replicas are equal to the end");
  }

  private static Script.Result verify() {
    return Script.in(NodeProcess.home())
        .run(SOON, "./flotilla", "verify", "ledger", "--server", cluster.servers());
  }
}
