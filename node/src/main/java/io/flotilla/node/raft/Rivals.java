package io.flotilla.node.raft;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other followers of a group whose leader is gone. Who has more in its log refuses its vote
 * (Ongaro, "Consensus", 3.6.1), and the election that fails for it raises the term, after which
 * Ratis lets nobody stand before the election timeout. So a follower asks before it stands, and
 * leaves it to the others where it would lose. It asks for a pre-vote (the same, 9.6): that changes
 * nothing, and the answer, yes or no, says where the log of the other ends. Safe.
 */
final class Rivals implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rivals.class);

  /** An answer takes a few milliseconds; without one it is better to stand than to wait. */
  private static final long ANSWER_MS_MAX = 100;

  private static final int THREADS = 4;
  private static final int QUESTIONS_MAX = 1_000;
  private static final int IDLE_SECONDS = 10;

  /** A question too many, or one after the end, is dropped: it counts as not answered. */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUESTIONS_MAX),
          work -> {
            Thread named = new Thread(work, "flotilla-rivals");
            named.setDaemon(true);
            return named;
          },
          new ThreadPoolExecutor.DiscardPolicy());

  Rivals() {
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Whether this node can win, as far as the others say so in time.
   *
   * @param last where the log ends here
   */
  CompletableFuture<Boolean> canWin(
      RaftServer here, RaftServer.Division division, RaftPeerId gone, TermIndex last) {
    var members = division.getRaftConf().getCurrentPeers();
    long term = division.getInfo().getCurrentTerm();
    List<CompletableFuture<Boolean>> refusals =
        members.stream()
            .map(RaftPeer::getId)
            .filter(id -> !id.equals(gone) && !id.equals(division.getId()))
            .map(id -> question(division, id, term, last))
            .map(question -> ask(here, question))
            .toList();
    return CompletableFuture.allOf(refusals.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            all -> {
              long refused = refusals.stream().filter(CompletableFuture::join).count();
              return members.size() - 1 - refused > members.size() / 2;
            });
  }

  /** Whether the vote would be refused. */
  private CompletableFuture<Boolean> ask(RaftServer here, RequestVoteRequestProto question) {
    CompletableFuture<Boolean> refused = new CompletableFuture<>();
    threads.execute(
        () -> {
          if (!refused.isDone()) {
            refused.complete(refuses(here, question));
          }
        });
    return refused.completeOnTimeout(false, ANSWER_MS_MAX, TimeUnit.MILLISECONDS);
  }

  private static boolean refuses(RaftServer here, RequestVoteRequestProto question) {
    try {
      RequestVoteReplyProto reply = here.getServerRpc().requestVote(question);
      TermIndex theirs = TermIndex.valueOf(reply.getLastEntry());
      // In a later term it has begun to stand itself, or has promised its vote.
      return reply.getTerm() > question.getCandidateTerm()
          || theirs.compareTo(TermIndex.valueOf(question.getCandidateLastEntry())) > 0;
    } catch (IOException | RuntimeException e) {
      LOG.debug("a follower does not say where its log ends", e);
      return false;
    }
  }

  private static RequestVoteRequestProto question(
      RaftServer.Division division, RaftPeerId peer, long term, TermIndex last) {
    return RequestVoteRequestProto.newBuilder()
        .setPreVote(true)
        .setServerRequest(
            RaftRpcRequestProto.newBuilder()
                .setRequestorId(division.getId().toByteString())
                .setReplyId(peer.toByteString())
                .setRaftGroupId(
                    ProtoUtils.toRaftGroupIdProtoBuilder(division.getGroup().getGroupId())))
        .setCandidateTerm(term)
        .setCandidateLastEntry(last.toProto())
        .build();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
