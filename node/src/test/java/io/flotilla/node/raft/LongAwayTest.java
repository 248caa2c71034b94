package io.flotilla.node.raft;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that comes back after so long that its leaders have nearly given it up. */
@Tag("long")
class LongAwayTest {

  /** Ratis tries less often the more attempts have failed; by then it would be once in 5 s. */
  private static final Duration AWAY = Duration.ofSeconds(16);

  private static final Duration AT_ONCE = Duration.ofSeconds(4);

  @TempDir Path folder;

  @Test
  void aNodeThatWasAwayForLongHearsFromTheLeaderAtOnce() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3)) {
      nodes.count();
      int away = nodes.leader() % 3 + 1;
      nodes.close(away);
      nodes.count();
      await().during(AWAY).atMost(AWAY.plus(RaftNodes.SOON)).until(() -> nodes.leaderNow() != 0);

      RaftNodes.Node back = nodes.open(away, "aa");

      await().atMost(AT_ONCE).until(() -> back.counted() == 2);
    }
  }
}
