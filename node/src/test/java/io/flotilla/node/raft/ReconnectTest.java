package io.flotilla.node.raft;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that has stood for election in vain for so long that gRPC, left to itself, would try to
 * connect to the others every six to ten seconds only.
 */
@Tag("long")
class ReconnectTest {
  private static final int ELECTIONS = 6;

  /** Far below gRPC's pause, and above any connecting. */
  private static final Duration AT_ONCE = Duration.ofMillis(1_500);

  /** The election timeout is 1.6 s at most, and the first to ask may be the one who cannot win. */
  private static final Duration ELECTED = Duration.ofSeconds(5);

  private RaftNodes nodes;

  @BeforeEach
  void nodeOneIsAloneAndNodeTwoLacksAnEntry(@TempDir Path folder) throws Exception {
    nodes = new RaftNodes(folder, 3);
    long known = nodes.count();
    await().atMost(RaftNodes.SOON).until(() -> nodes.node(2).counted() == known);
    nodes.close(2);
    nodes.count();
    nodes.close(3);
    long before = RatisMetrics.elections();
    await()
        .atMost(RaftNodes.SOON.multipliedBy(2))
        .until(() -> RatisMetrics.elections() - before >= ELECTIONS);
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void isElectedByTheOneThatIsBack() {
    nodes.open(2, "aa");
    await().pollDelay(Duration.ZERO).atMost(ELECTED).until(nodes::leaderNow, leader -> leader == 1);
  }

  @Test
  void hearsFromTheNewLeaderWhatIsCommitted() {
    nodes.open(2, "aa");
    nodes.open(3, "aa");
    Replica replica = Objects.requireNonNull(nodes.node(1).host.replica(RaftNodes.GROUP));
    await().atMost(RaftNodes.SOON).until(() -> !replica.status().leaderPeer().isEmpty());
    await()
        .pollDelay(Duration.ZERO)
        .atMost(AT_ONCE)
        .until(() -> replica.readBarrier().handle((done, fault) -> fault == null).get());
  }
}
