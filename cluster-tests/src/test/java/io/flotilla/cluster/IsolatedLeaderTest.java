package io.flotilla.cluster;

import io.flotilla.cluster.harness.NodeNetwork;
import io.flotilla.cluster.harness.TestCluster;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A leader hears of no other node for a while, and clients reach it. */
@Tag("long")
class IsolatedLeaderTest {
  @RegisterExtension static final TestCluster cluster = TestCluster.of(3).onNetwork();

  @BeforeAll
  static void demandNetworks() {
    NodeNetwork.assumeAvailable();
  }

  @Test
  void clientsLeaveALeaderThatIsCutOff() {
    DeposedLeader.isLeft(cluster, "isolated leader", cluster::isolate, node -> cluster.heal());
  }
}
