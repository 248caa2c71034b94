package io.flotilla.cluster.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.check.Checker;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.harness.TestCluster;

/**
 * The last move of a fault test: everything is quiet, every replica has caught up, and the history
 * is judged. Runs on the test's thread.
 */
public final class Verdict {
  /** A run with fewer acknowledged writes would prove nothing. */
  private static final long ACKNOWLEDGED_MIN = 300;

  private Verdict() {}

  /** Ends the load, reads every replica and demands that no promise was broken. */
  public static History sound(TestCluster cluster, Workload workload) {
    History history = workload.finish();
    cluster.awaitCaughtUp();
    ReplicaDump.record(cluster::wire, workload.topic(), history);
    System.out.printf(
        "history of %s: written=%d acknowledged=%d received=%d%n",
        workload.topic(), history.writes().size(), history.acknowledged(), history.received(1));
    assertThat(Checker.check(history)).isEmpty();
    assertThat(history.acknowledged()).isGreaterThan(ACKNOWLEDGED_MIN);
    return history;
  }
}
