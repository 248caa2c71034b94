package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that comes back under another name: no vote, no harm, and then a member again. */
@Tag("long")
class ReplacedMemberTest {

  private static final long SOME = 20;

  @TempDir Path folder;

  private static void count(RaftNodes nodes, long to) throws Exception {
    for (long i = 0; i < to; i++) {
      nodes.count();
    }
  }

  private static int other(int leader) {
    return leader % 3 + 1;
  }

  @Test
  void aWipedNodeIsLetInUnderItsNewNameAndGivenEverything() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3)) {
      count(nodes, SOME);
      int wiped = other(nodes.leader());
      nodes.close(wiped);
      nodes.wipe(wiped);

      RaftNodes.Node back = nodes.open(wiped, "bb");
      back.host.addGroup(RaftNodes.GROUP, List.of());
      Replica replica = Objects.requireNonNull(back.host.replica(RaftNodes.GROUP));
      assertThat(replica.isMember()).as("nobody has let it in").isFalse();
      nodes.replace(wiped + ".aa", nodes.peer(wiped, "bb"));

      await().atMost(RaftNodes.SOON).until(() -> back.counted() == SOME);
      await().atMost(RaftNodes.SOON).until(replica::isMember);
      assertThat(nodes.members()).contains(wiped + ".bb").doesNotContain(wiped + ".aa");
      int gone = nodes.leader();
      if (gone != wiped) {
        nodes.close(gone);
      }
      assertThat(nodes.count()).isEqualTo(SOME + 1);

      back.host.removeGroup(RaftNodes.GROUP);
      assertThat(replica.isMember()).as("closed, as during a switch of its rows").isFalse();
    }
  }

  @Test
  void aWipedNodeMakesNoMajorityBeforeItIsLetIn() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3)) {
      count(nodes, SOME);
      int leader = nodes.leader();
      int wiped = other(leader);
      nodes.close(wiped);
      nodes.wipe(wiped);
      nodes.close(leader);

      RaftNodes.Node back = nodes.open(wiped, "bb");
      back.host.addGroup(RaftNodes.GROUP, List.of());

      // The third may lack what the leader and the wiped one had acknowledged.
      await()
          .during(Duration.ofSeconds(5))
          .atMost(RaftNodes.SOON)
          .until(() -> nodes.leaderNow() == 0);
      nodes.open(leader, "aa");
      assertThat(nodes.count()).isEqualTo(SOME + 1);
      assertThat(back.counted()).isZero();
    }
  }

  @Test
  void aNodeDoesNotAnswerForTheMemberThatItReplaces() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3)) {
      count(nodes, 1);
      int leader = nodes.leader();
      int wiped = other(leader);
      nodes.close(wiped);
      nodes.wipe(wiped);

      RaftNodes.Node back = nodes.open(wiped, "bb");
      back.host.addGroup(RaftNodes.GROUP, List.of());
      count(nodes, SOME);

      // Ratis would have the old member's entries given to whoever listens at its address.
      await()
          .during(Duration.ofSeconds(3))
          .atMost(RaftNodes.SOON)
          .until(() -> back.counted() == 0 && back.host.members().of(RaftNodes.GROUP).isEmpty());
    }
  }

  @Test
  void aNodeThatKeptItsLogJoinsUnderAnotherNameWithIt() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3)) {
      count(nodes, SOME);
      int renamed = other(nodes.leader());
      await().atMost(RaftNodes.SOON).until(() -> nodes.node(renamed).counted() == SOME);
      nodes.close(renamed);
      nodes.count();

      RaftNodes.Node back = nodes.open(renamed, "bb");
      assertThat(back.counted()).isEqualTo(SOME);
      nodes.replace(renamed + ".aa", nodes.peer(renamed, "bb"));

      await().atMost(RaftNodes.SOON).until(() -> back.counted() == SOME + 1);
      assertThat(nodes.members()).contains(renamed + ".bb").doesNotContain(renamed + ".aa");
    }
  }
}
