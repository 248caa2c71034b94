package io.flotilla.node.raft;

import io.flotilla.node.config.RaftConfig;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * Every Ratis setting that matters, set explicitly, because its defaults suit a demonstration: they
 * put data under a temporary directory, keep hundreds of megabytes of cache a group and never
 * purge.
 */
final class RatisSettings {

  /** A smaller file would be rolled all the time. */
  private static final long SEGMENT_BYTES_MIN = 1 << 20;

  /** The folder of the groups' folders; nothing else may be in it. */
  static final String GROUPS = "groups";

  private RatisSettings() {}

  static RaftProperties of(RaftConfig config, File dir, String host, int port) {
    RaftProperties p = new RaftProperties();
    storage(p, dir);
    log(p, config);
    timing(p, config);
    limits(p);
    transport(p, config, host, port);
    return p;
  }

  /** How many groups of earlier runs Ratis will open by itself. */
  static int groupsOnDisk(RaftProperties p) {
    int groups = 0;
    for (File folder : RaftServerConfigKeys.storageDir(p)) {
      String[] names = folder.list();
      groups += names == null ? 0 : names.length;
    }
    return groups;
  }

  /** Where the groups' logs are, under the server's folder. */
  static File groups(File dir) {
    return new File(dir, GROUPS);
  }

  private static void storage(RaftProperties p, File dir) {
    RaftServerConfigKeys.setStorageDir(p, List.of(groups(dir)));
    // Unused, since removed groups are deleted; set because the default is a temporary directory.
    RaftServerConfigKeys.setRemovedGroupsDir(p, new File(dir, "removed"));
    // The disk guard watches; a node whose disk is full must still start, to be read and trimmed.
    RaftServerConfigKeys.setStorageFreeSpaceMin(p, SizeInBytes.valueOf("0"));
    // A checkpoint of the store decides when to snapshot, by bytes and time, for all groups at
    // once.
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(p, false);
  }

  private static void log(RaftProperties p, RaftConfig config) {
    // Written as zeros, so kept small; large enough that not every sync also changes the file's
    // size.
    RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("1MB"));
    int entry = config.requestBytesMax();
    // Direct memory of each group; must hold one append request.
    RaftServerConfigKeys.Log.setWriteBufferSize(
        p, SizeInBytes.valueOf(config.directBytesPerGroup()));
    // Also the largest entry: a larger one would depose the leader, so sizes are checked before.
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(entry));
    // Heap of each group beside the open segment; older ones are read again if they are needed.
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 1);
    RaftServerConfigKeys.Log.setQueueElementLimit(p, 1024);
    RaftServerConfigKeys.Log.setQueueByteLimit(p, SizeInBytes.valueOf("16MB"));
    // Acknowledged means synced: neither shortcut is safe.
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(p, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(p, false);
    // Otherwise each advance of the commit index costs one more replicated, synced entry.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
    // Never start on a shortened log: that replica would have forgotten what it voted for.
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        p, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    // On, a follower confirms entries that it never had: sent again after a broken connection with
    // more behind it, an append that is still being written is answered for all of them.
    RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(p, false);
    // Purge whole segments, exactly as far as PurgeLimit says.
    RaftServerConfigKeys.Log.setPurgeGap(p, 1);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    // State is not shipped by Ratis: files of one shared store cannot be.
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(p, false);
    // The default leaves a node that was away for ten seconds alone for up to twice 7.5 more: the
    // first attempt after its return fails on the old connection.
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(p, "1ms,10, 500ms,1000000");
    // The default sleeps a millisecond between appends.
    RaftServerConfigKeys.Log.Appender.setWaitTimeMin(p, TimeDuration.ZERO);
  }

  /**
   * Divides the heap for logs by the number of groups; holds for logs that are opened from now on.
   * Ratis keeps the open segment of each log and its last one in memory, whatever that is together.
   */
  static void divide(RaftProperties p, RaftConfig config, int groups) {
    long bytes = segmentBytes(config, groups);
    RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf(bytes));
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf(2 * bytes));
  }

  static long segmentBytes(RaftConfig config, int groups) {
    if (config.cacheBytes() == 0) {
      return config.segmentBytes();
    }
    long share = config.cacheBytes() / 2 / Math.max(1, groups);
    return Math.min(config.segmentBytes(), Math.max(SEGMENT_BYTES_MIN, share));
  }

  private static void timing(RaftProperties p, RaftConfig config) {
    TimeDuration min = millis(config.electionTimeoutMin());
    TimeDuration max = millis(config.electionTimeoutMax());
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, min);
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, max);
    // Nobody leads yet, so nothing is disturbed by asking early.
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, TimeDuration.valueOf(150, MS));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
        p, TimeDuration.valueOf(Math.min(800, config.electionTimeoutMax().toMillis()), MS));
    // An append that waits for a slow sync must not reset the stream and send everything again.
    RaftServerConfigKeys.Rpc.setRequestTimeout(p, TimeDuration.valueOf(10, TimeUnit.SECONDS));
    RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
        p, TimeDuration.valueOf(10, TimeUnit.SECONDS));
    // Entries that a new member may lack when it is let in: they hold up commits for a moment.
    RaftServerConfigKeys.setStagingCatchupGap(p, 64);
    // A busy machine oversleeps; below this it still counts as an election timeout.
    RaftServerConfigKeys.setSleepDeviationThreshold(p, TimeDuration.valueOf(1, TimeUnit.SECONDS));
    // A pause longer than this closes the server; a suspended laptop should simply go on.
    RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(1, TimeUnit.DAYS));
    // Duplicates are recognised by producer id and sequence; this cache only costs memory.
    RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(2, TimeUnit.SECONDS));
    RaftServerConfigKeys.Read.ReadAfterWriteConsistent.setWriteIndexCacheExpiryTime(
        p, TimeDuration.valueOf(1, TimeUnit.SECONDS));
  }

  private static void limits(RaftProperties p) {
    // The group committer keeps far below both.
    RaftServerConfigKeys.Write.setElementLimit(p, 1024);
    RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf("64MB"));
    // Only for catching up with the metadata; a lease would trust clocks and pauses.
    RaftServerConfigKeys.Read.setOption(p, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    RaftServerConfigKeys.Read.setLeaderLeaseEnabled(p, false);
    RaftServerConfigKeys.Read.setTimeout(p, TimeDuration.valueOf(5, TimeUnit.SECONDS));
  }

  private static void transport(RaftProperties p, RaftConfig config, String host, int port) {
    p.set(RaftConfigKeys.Rpc.TYPE_KEY, FlotillaRpc.class.getName());
    GrpcConfigKeys.Server.setHost(p, host);
    GrpcConfigKeys.Server.setPort(p, port);
    GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(p, 16);
    GrpcConfigKeys.Server.setHeartbeatChannel(p, true);
    GrpcConfigKeys.setMessageSizeMax(
        p, SizeInBytes.valueOf(4L * config.entryBytesMax() + (2L << 20)));
    GrpcConfigKeys.setFlowControlWindow(p, SizeInBytes.valueOf("4MB"));
  }

  private static final TimeUnit MS = TimeUnit.MILLISECONDS;

  private static TimeDuration millis(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), MS);
  }
}
