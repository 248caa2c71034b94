package io.flotilla.node.raft;

import java.io.IOException;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/** Ratis' gRPC, with a leader that leaves no follower behind for ever. Ratis finds it by name. */
public final class FlotillaRpc implements RpcType {

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
   * Three departures from Ratis 3.3.0.
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
   */
  private static final class Appender extends GrpcLogAppender {
    private final AppendStreams streams = new AppendStreams(this);

    Appender(RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
      super(server, leader, follower);
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
