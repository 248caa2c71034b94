package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes; the leader is taken for lost, and one of the others asks whether it can win. */
class RivalsTest {
  private static final int NODES = 3;

  private RaftNodes nodes;
  private Rivals rivals;
  private RaftServer asking;
  private RaftServer.Division division;
  private RaftPeerId leader;
  private int other;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    // Nobody may stand by itself meanwhile.
    nodes = RaftNodes.withHeartbeat(folder, NODES, Duration.ofSeconds(4));
    long count = nodes.count();
    await()
        .atMost(RaftNodes.SOON)
        .until(
            () ->
                IntStream.rangeClosed(1, NODES).allMatch(id -> nodes.node(id).counted() == count));
    int leads = nodes.leader();
    int asks = leads % NODES + 1;
    other = asks % NODES + 1;
    asking = server(nodes.node(asks).host);
    division = asking.getDivision(GroupIds.toRatis(RaftNodes.GROUP));
    leader = RaftPeerId.valueOf(nodes.node(leads).host.peerId());
    rivals = new Rivals();
  }

  @AfterEach
  void close() {
    rivals.close();
    nodes.close();
  }

  private static RaftServer server(RaftHost host) throws Exception {
    Field server = RaftHost.class.getDeclaredField("server");
    server.setAccessible(true);
    return (RaftServer) server.get(host);
  }

  private TermIndex last() {
    return division.getRaftLog().getLastEntryTermIndex();
  }

  private boolean canWin(TermIndex last) {
    return rivals.canWin(asking, division, leader, last).join();
  }

  @Test
  void whoHasAllThatTheOtherHasStands() {
    assertThat(canWin(last())).isTrue();
  }

  @Test
  void whoLacksTheLastEntryLeavesItToTheOther() {
    assertThat(canWin(TermIndex.valueOf(last().getTerm(), last().getIndex() - 1))).isFalse();
  }

  @Test
  void askingMovesNoTermAndUnseatsNobody() {
    long term = division.getInfo().getCurrentTerm();
    canWin(last());
    assertThat(nodes.leaderNow()).isEqualTo(nodes.leader());
    assertThat(RaftPeerId.valueOf(nodes.node(nodes.leader()).host.peerId())).isEqualTo(leader);
    assertThat(division.getInfo().getCurrentTerm()).isEqualTo(term);
  }

  @Test
  void whoIsNotAnsweredStands() {
    nodes.close(other);
    assertThat(canWin(TermIndex.valueOf(last().getTerm(), last().getIndex() - 1))).isTrue();
  }

  @Test
  void behindTheEndNobodyIsAskedAndItIsNotWaitedForAnAnswerEither() {
    rivals.close();
    assertThat(rivals.canWin(asking, division, leader, TermIndex.valueOf(0, 0)))
        .succeedsWithin(RaftNodes.SOON)
        .isEqualTo(true);
  }
}
