package io.flotilla.node.core.log;

/**
 * When a partition is compacted.
 *
 * @param lagMinMs an event is not touched for so long after it was appended, in milliseconds
 * @param lagMaxMs an event that is older than this may not wait longer for compaction; -1 = it may
 * @param dirtyPercent compaction is worth it when so much of the log is new since the last time
 * @param tombstoneRetentionMs a tombstone stays so long after compaction has seen it
 */
public record CompactionRules(
    long lagMinMs, long lagMaxMs, int dirtyPercent, long tombstoneRetentionMs) {

  /** Of lagMaxMs: events may wait for ever. */
  public static final long UNLIMITED = -1;
}
