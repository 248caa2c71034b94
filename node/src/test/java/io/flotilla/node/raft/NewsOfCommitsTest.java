package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is committed in a quiet group is known to all of it at once, not with the next heartbeat.
 */
class NewsOfCommitsTest {
  private static final int NODES = 3;
  private static final int ENTRIES = 100;

  /**
   * As seldom as the configuration allows, so that whoever waits for one is told from who is slow.
   */
  private static final Duration HEARTBEAT = Duration.ofSeconds(4);

  private static final Duration WITHOUT_HEARTBEAT = HEARTBEAT.dividedBy(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(1);

  private static RaftNodes nodes;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    nodes = RaftNodes.withHeartbeat(folder, NODES, HEARTBEAT);
    awaitAllHave(nodes.count(), RaftNodes.SOON);
  }

  @AfterAll
  static void end() {
    nodes.close();
  }

  @Test
  void everyFollowerHearsOfEachEntry() throws Exception {
    for (int i = 0; i < ENTRIES; i++) {
      awaitAllHave(nodes.count(), WITHOUT_HEARTBEAT);
    }
  }

  private static void awaitAllHave(long count, Duration atMost) {
    await("all have entry " + count)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK_EVERY)
        .atMost(atMost)
        .until(
            () ->
                IntStream.rangeClosed(1, NODES).allMatch(id -> nodes.node(id).counted() == count));
  }

  @Test
  void whoAsksBehindAnEntryIsAnsweredByLeaderAndFollower() throws Exception {
    for (int i = 0; i < ENTRIES; i++) {
      long count = nodes.count();
      RaftNodes.Node asked = nodes.node(1 + i % NODES);
      Replica replica = Objects.requireNonNull(asked.host.replica(RaftNodes.GROUP));

      assertThat(replica.readBarrier()).succeedsWithin(WITHOUT_HEARTBEAT);
      assertThat(asked.counted()).isEqualTo(count);
    }
  }
}
