package io.flotilla.node.raft;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.util.AwaitForSignal;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/** Ratis' gRPC, with a leader that leaves no follower behind for ever. Ratis finds it by name. */
public final class FlotillaRpc implements RpcType {

  /** Under load the next entry comes sooner and brings the news along. */
  private static final long NEWS_MS = 25;

  @Override
  public String name() {
    return FlotillaRpc.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Factory(parameters);
  }

  private static final class Factory extends GrpcFactory {
    Factory(Parameters parameters) {
      super(parameters);
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
      return new Appender(server, leader, follower);
    }
  }

  /**
   * Six departures from Ratis 3.3.0.
   *
   * <p>An entry is sent with the term of the one before it, and of the first one of a purged log
   * nobody knows that. Ratis 3.3.0 calls it available all the same; a follower that stopped just
   * before it, as one does that was killed when the leader changed, has what it needs for it and
   * says so, and the two go on asking and answering for ever. Called unavailable, the follower is
   * rebuilt. It would be enough to keep that term, but durably, for a case as rare as this.
   *
   * <p>A follower that says it lacks what it had confirmed, for its disk lost the end of its log,
   * is believed. Ratis goes on behind what was confirmed, and back only for the answer to the very
   * request that began there: never while it has heartbeats alone to send.
   *
   * <p>An appender that ends takes its streams along; see {@link AppendStreams}.
   *
   * <p>A follower that has confirmed all that it was sent hears of what is committed {@value
   * #NEWS_MS} ms later, if no entry has told it by then; of the metadata at once. Ratis means to
   * tell it, and wakes the appender for that, but has it send nothing that is neither an entry nor
   * a heartbeat that is due: who read from a follower of a quiet partition waited for half an
   * election timeout.
   *
   * <p>A heartbeat that was asked for is sent behind the asking. Ratis forgets the wish with the
   * next request that it sends, also one that it had begun before, and has who asked look out for
   * an answer behind one that may have been sent already; the next heartbeat then has to do.
   *
   * <p>Who wakes the appender while it does not wait has woken it; see {@link Wake}.
   */
  private static final class Appender extends GrpcLogAppender {
    private final AppendStreams streams = new AppendStreams(this);
    private final Wake wake = new Wake(this, this::getWaitTimeMs);
    private final long newsAfterNanos;

    /** From this request on one was asked for. */
    private final AtomicLong asked = new AtomicLong(-1);

    /** The newest request; confined to the appender's thread, as is the next. */
    private long newest = -1;

    /** What of the log the follower was told to be committed. */
    private long told = RaftLog.INVALID_LOG_INDEX;

    /**
     * Since when it could be told of more, by System.nanoTime; meaningless unless there is news.
     */
    private long newsNanos;

    private boolean news;

    Appender(RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
      super(server, leader, follower);
      boolean metadata = server.getGroup().getGroupId().equals(GroupIds.toRatis(GroupIds.METADATA));
      newsAfterNanos = metadata ? 0 : TimeUnit.MILLISECONDS.toNanos(NEWS_MS);
    }

    @Override
    public void run() throws IOException {
      try {
        super.run();
      } finally {
        streams.end();
      }
    }

    /** Called behind each opening of streams, and again before they can be opened anew. */
    @Override
    protected TimeDuration getRemainingWaitTime() {
      streams.look();
      return super.getRemainingWaitTime();
    }

    @Override
    public AwaitForSignal getEventAwaitForSignal() {
      return wake;
    }

    @Override
    public void triggerHeartbeat() {
      ask(super.getCallId());
    }

    /** Called by who then looks out for an answer to this request or a later one. */
    @Override
    public long getCallId() {
      long next = super.getCallId();
      ask(next);
      return next;
    }

    private void ask(long from) {
      asked.accumulateAndGet(from, Math::max);
      super.triggerHeartbeat();
    }

    @Override
    protected void resetHeartbeatTrigger() {
      super.resetHeartbeatTrigger();
      if (asked.get() > newest) {
        super.triggerHeartbeat();
      }
    }

    @Override
    public @Nullable AppendEntriesRequestProto newAppendEntriesRequest(
        long callId, boolean heartbeat) throws RaftLogIOException {
      long committed = getRaftLog().getLastCommittedIndex();
      // While entries are unconfirmed a heartbeat says nothing of what is committed.
      boolean confirmed = !hasPendingDataRequests();
      AppendEntriesRequestProto request = super.newAppendEntriesRequest(callId, heartbeat);
      if (request == null && newsLeftMs() <= 0) {
        request = super.newAppendEntriesRequest(callId, true);
      }
      if (request != null) {
        newest = callId;
        boolean plain = request.getEntriesCount() == 0 && confirmed;
        told = Math.max(told, plain ? committed : request.getLeaderCommit());
        news = false;
      }
      return request;
    }

    /** Until the follower is told; Long.MAX_VALUE = it knows, or an entry will tell it. */
    private long newsLeftMs() {
      if (!hasNews()) {
        news = false;
        return Long.MAX_VALUE;
      }
      long now = System.nanoTime();
      if (!news) {
        news = true;
        newsNanos = now;
      }
      return TimeUnit.NANOSECONDS.toMillis(newsNanos + newsAfterNanos - now);
    }

    /** Never twice of the same: whom it does not help waits for something else than news. */
    private boolean hasNews() {
      long known = Math.max(told, getFollower().getCommitIndex());
      return getRaftLog().getLastCommittedIndex() > known && !hasPendingDataRequests();
    }

    @Override
    public long getWaitTimeMs() {
      return Math.min(super.getWaitTimeMs(), newsLeftMs());
    }

    @Override
    public @Nullable TermIndex shouldNotifyToInstallSnapshot() {
      TermIndex first = super.shouldNotifyToInstallSnapshot();
      boolean sendable =
          first == null
              || first.getIndex() == RaftLog.LEAST_VALID_LOG_INDEX
              || getPrevious(first.getIndex()) != null;
      return sendable ? first : TermIndex.valueOf(first.getTerm(), first.getIndex() + 1);
    }

    @Override
    protected long getNextIndexForInconsistency(long firstSent, long lacking) {
      if (lacking > getFollower().getMatchIndex() || lacking == firstSent) {
        return super.getNextIndexForInconsistency(firstSent, lacking);
      }
      return lacking;
    }
  }
}
