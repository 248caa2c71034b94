package io.flotilla.node.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How this node takes part in Raft. Keys {@code raft.*}.
 *
 * @param electionTimeoutMin a follower waits at least this long without a heartbeat before it asks
 *     to be elected; heartbeats go out every half of it. Smaller: quicker fail-over, but a garbage
 *     collection or a busy machine can depose a healthy leader. 100 ms to 8 s. Default 800 ms
 * @param electionTimeoutMax and at most this long; the spread keeps two from asking at once.
 *     Default 1400 ms
 * @param entryBytesMax largest Raft entry, in bytes; must hold the largest batch. Larger: fewer
 *     entries a second for the same bytes, but more memory a group and a longer wait behind one.
 *     Default 1 MiB above batch.max-bytes' default, 2 MiB
 * @param entriesInFlightMax entries of one group proposed and not yet applied. More hides latency,
 *     and makes each entry smaller. Default 4
 * @param segmentBytes largest size of a file of the Raft log; whole files are purged, and a file is
 *     in memory while it is written, so it is smaller where many groups share memory.raft-cache.
 *     Default 16 MiB
 * @param checkpointBytes the store is flushed after this many bytes, so that the Raft log can be
 *     purged; also what a restart has to replay at most. Default 64 MiB
 * @param checkpointInterval and at least this often while anything is written. Default 30 s
 * @param balanceHold a leadership goes home to its preferred node only after that node has been
 *     healthy and caught up for this long; damps flapping. Default 10 s
 * @param logKeepBytes bytes of a group's Raft log that are kept for a replica that is down or
 *     behind. A replica that missed more is rebuilt from a peer. 0 = only what is not yet durable.
 *     More: longer outages are caught up from the log, at the cost of disk a group while anything
 *     is down. Default 64 MiB
 * @param rebuildsMax replicas of this node that are rebuilt at once, 1 to 16; the others wait.
 *     Default 2
 * @param rebuildBytesPerSecond what all rebuilds of this node together take from their peers, in
 *     bytes a second; 0 = no bound, otherwise at least 1 MiB. More: sooner complete again, but more
 *     of disk and network is taken from clients. Default 64 MiB
 * @param cacheBytes heap that the entries of all groups' logs may take together, from {@link
 *     MemoryPlan}; not a key of its own. 0 = not divided
 */
public record RaftConfig(
    Duration electionTimeoutMin,
    Duration electionTimeoutMax,
    int entryBytesMax,
    int entriesInFlightMax,
    long segmentBytes,
    long checkpointBytes,
    Duration checkpointInterval,
    Duration balanceHold,
    long logKeepBytes,
    int rebuildsMax,
    long rebuildBytesPerSecond,
    long cacheBytes) {

  /** Bytes that Raft adds around an entry's data, at most. */
  private static final int ENTRY_OVERHEAD = 64 << 10;

  private static final Duration HEARD_WITHIN_MIN = Duration.ofSeconds(2);

  /** Nodes that were not heard of for 5 s are not given replicas; heartbeats must be more often. */
  private static final Duration ELECTION_TIMEOUT_MIN_MAX = Duration.ofSeconds(8);

  public static RaftConfig defaults() {
    return new RaftConfig(
        Duration.ofMillis(800),
        Duration.ofMillis(1400),
        2 << 20,
        4,
        16L << 20,
        64L << 20,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        64L << 20,
        2,
        64L << 20,
        0);
  }

  /** The same with another share of the heap. */
  public RaftConfig withCacheBytes(long bytes) {
    return new RaftConfig(
        electionTimeoutMin,
        electionTimeoutMax,
        entryBytesMax,
        entriesInFlightMax,
        segmentBytes,
        checkpointBytes,
        checkpointInterval,
        balanceHold,
        logKeepBytes,
        rebuildsMax,
        rebuildBytesPerSecond,
        bytes);
  }

  /** How often a leader that has nothing to tell says so. */
  public Duration heartbeat() {
    return electionTimeoutMin.dividedBy(2);
  }

  /** A follower that is well has answered within this time, four heartbeats and 2 s at least. */
  public Duration heardWithin() {
    Duration heartbeats = heartbeat().multipliedBy(4);
    return heartbeats.compareTo(HEARD_WITHIN_MIN) < 0 ? HEARD_WITHIN_MIN : heartbeats;
  }

  /** Largest entry with what is around it. */
  public int requestBytesMax() {
    return entryBytesMax + ENTRY_OVERHEAD;
  }

  /**
   * Direct memory that each group takes: the write buffer of its log, which must hold a request.
   */
  public int directBytesPerGroup() {
    return requestBytesMax() + ENTRY_OVERHEAD;
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (electionTimeoutMin.toMillis() < 100
        || electionTimeoutMin.compareTo(ELECTION_TIMEOUT_MIN_MAX) > 0) {
      faults.add("raft.election-timeout-min must be 100ms to 8s");
    }
    if (electionTimeoutMax.compareTo(electionTimeoutMin.multipliedBy(5).dividedBy(4)) < 0) {
      faults.add("raft.election-timeout-max must be at least 1.25 times raft.election-timeout-min");
    }
    if (entryBytesMax < 64 << 10 || entryBytesMax > 16 << 20) {
      faults.add("raft.entry-bytes-max must be 64KiB to 16MiB");
    }
    if (entriesInFlightMax < 1 || entriesInFlightMax > 64) {
      faults.add("raft.entries-in-flight-max must be 1 to 64");
    }
    if (segmentBytes < 4L * entryBytesMax) {
      faults.add("raft.segment-bytes must be at least four times raft.entry-bytes-max");
    }
    if (checkpointBytes < 1 << 20) {
      faults.add("raft.checkpoint-bytes must be at least 1MiB");
    }
    if (logKeepBytes < 0) {
      faults.add("raft.log-keep-bytes must not be negative");
    }
    if (rebuildsMax < 1 || rebuildsMax > 16) {
      faults.add("raft.rebuilds-max must be 1 to 16");
    }
    if (rebuildBytesPerSecond != 0 && rebuildBytesPerSecond < 1 << 20) {
      faults.add("raft.rebuild-bytes-per-second must be 0 or at least 1MiB");
    }
    return faults;
  }
}
