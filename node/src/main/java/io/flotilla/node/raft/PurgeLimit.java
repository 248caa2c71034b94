package io.flotilla.node.raft;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * How far a group's Raft log may be purged: by need. What every replica has goes as soon as it is
 * durable here. For one that lags a tail is kept, a longer one while it answers, and for one that
 * is being rebuilt from here everything behind what it gets. Safe.
 */
final class PurgeLimit {

  /** A lagging replica that answers is catching up: it would be a pity to pull the log away. */
  private static final long ANSWERING_FACTOR = 16;

  private static final long ANSWERING_MS_MAX = 10_000;

  private record Hold(long index, long untilNanos) {}

  private final long keepBytes;
  private final Map<Long, Map<Long, Hold>> holds = new ConcurrentHashMap<>();

  PurgeLimit(long keepBytes) {
    this.keepBytes = keepBytes;
  }

  /** Until then the group's log is kept from the entry on, in the name of the token. */
  void hold(long group, long token, long index, Duration atMost) {
    holds
        .computeIfAbsent(group, g -> new ConcurrentHashMap<>())
        .put(token, new Hold(index, System.nanoTime() + atMost.toNanos()));
  }

  /**
   * The last entry that may be purged; one entry less than every replica has: a leader needs the
   * entry before the first one that it sends, and without it would have the follower rebuilt.
   *
   * @param folder where the log's files are
   */
  long last(long group, RaftServer.Division division, Path folder, long durable)
      throws IOException {
    int peers = division.getRaftConf().getAllPeers().size();
    Collection<CommitInfoProto> known = division.getCommitInfos();
    long everywhere =
        known.size() < peers
            ? 0
            : known.stream().mapToLong(CommitInfoProto::getCommitIndex).min().orElse(0);
    long last = everywhere - 1;
    if (last < durable) {
      last = Math.max(last, LogFiles.lastBehind(folder, tailBytes(division.getInfo())));
    }
    return Math.min(Math.min(last, durable), held(group));
  }

  /** A leader knows who answers; a follower keeps the short tail. */
  private long tailBytes(DivisionInfo info) {
    boolean answering =
        info.isLeader()
            && LeaderInfo.of(info).getFollowerInfoList().stream()
                .allMatch(follower -> follower.getLastRpcElapsedTimeMs() < ANSWERING_MS_MAX);
    return answering ? keepBytes * ANSWERING_FACTOR : keepBytes;
  }

  private long held(long group) {
    Map<Long, Hold> held = holds.get(group);
    if (held == null) {
      return Long.MAX_VALUE;
    }
    long now = System.nanoTime();
    held.values().removeIf(hold -> hold.untilNanos() - now < 0);
    return held.values().stream()
        .mapToLong(hold -> Math.max(hold.index() - 1, RaftLog.INVALID_LOG_INDEX))
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
