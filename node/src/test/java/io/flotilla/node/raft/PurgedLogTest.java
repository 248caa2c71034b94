package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a leader's log no longer has, and a follower that was away. */
class PurgedLogTest {

  private static final long SOME = 20;

  @TempDir Path folder;

  /**
   * The follower is complete but for what the leader's log still has, all of it. Yet the leader can
   * send nothing: it no longer knows the term of the entry before its first one, which the follower
   * compares. Ratis asked the follower for ever whether it has that entry, and it has.
   */
  @Test
  void aFollowerThatStoppedWhereTheLeadersLogBeginsCatchesUp() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3, 0)) {
      for (long i = 0; i < SOME; i++) {
        nodes.count();
      }
      int leader = nodes.leader();
      int away = leader % 3 + 1;
      int other = away % 3 + 1;
      await().atMost(RaftNodes.SOON).until(() -> nodes.node(away).counted() == SOME);
      nodes.close(away);
      // A new term begins a new file; the one before it is purged by both, and so is its last term.
      Replica replica = Objects.requireNonNull(nodes.node(leader).host.replica(RaftNodes.GROUP));
      assertThat(
              replica
                  .transferLeadership(other + ".aa")
                  .get(RaftNodes.SOON.toSeconds(), TimeUnit.SECONDS))
          .isTrue();
      assertThat(nodes.count()).isEqualTo(SOME + 1);
      for (int id : List.of(leader, other)) {
        await()
            .atMost(RaftNodes.SOON)
            .until(
                () -> {
                  nodes.node(id).host.checkpoint();
                  return nodes.log(id).get(0).first() > SOME;
                });
        nodes.close(id);
      }
      nodes.open(leader, "aa");
      nodes.open(other, "aa");
      assertThat(nodes.count()).isEqualTo(SOME + 2);

      RaftNodes.Node back = nodes.open(away, "aa");

      await().atMost(RaftNodes.SOON).until(() -> back.counted() == SOME + 2);
    }
  }
}
