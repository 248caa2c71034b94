package io.flotilla.cluster;

import io.flotilla.cluster.harness.TestCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A leader stands still for a while, as in a long pause of its JVM, and wakes up deposed. No
 * connection breaks.
 */
class PausedLeaderTest {
  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void clientsLeaveALeaderThatHangs() {
    DeposedLeader.isLeft(cluster, "paused leader", cluster::pause, cluster::resume);
  }
}
