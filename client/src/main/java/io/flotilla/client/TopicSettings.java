package io.flotilla.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a topic; null where one is not said. Begin with {@link #NONE}.
 *
 * @param retentionTime events are kept at least this long, 1 s to 100 years; {@link #FOR_EVER}
 * @param retentionBytes the oldest events of a partition go while at least so many bytes remain, 1
 *     MiB to 1 PiB; {@link #UNLIMITED}
 * @param cleanup what becomes of old events
 * @param compactionLagMin compaction leaves an event alone for so long, 0 to 100 years
 * @param compactionLagMax an event waits no longer for compaction, 1 s to 100 years; {@link
 *     #FOR_EVER}
 * @param compactionDirtyPercent compact when so much of a partition is new, 0 to 100
 * @param tombstoneRetention a tombstone stays so long after compaction has seen it, 0 to 100 years
 */
public record TopicSettings(
    @Nullable Duration retentionTime,
    @Nullable Long retentionBytes,
    @Nullable Cleanup cleanup,
    @Nullable Duration compactionLagMin,
    @Nullable Duration compactionLagMax,
    @Nullable Integer compactionDirtyPercent,
    @Nullable Duration tombstoneRetention) {

  /** As a time: no event goes for its age, or none is compacted for it. */
  public static final Duration FOR_EVER = Duration.ofMillis(-1);

  /** As retention bytes: no event goes for its size. */
  public static final long UNLIMITED = -1;

  /** Nothing is said. */
  public static final TopicSettings NONE =
      new TopicSettings(null, null, null, null, null, null, null);

  /** The settings there are. */
  public enum Name {
    RETENTION_TIME,
    RETENTION_BYTES,
    CLEANUP,
    COMPACTION_LAG_MIN,
    COMPACTION_LAG_MAX,
    COMPACTION_DIRTY_PERCENT,
    TOMBSTONE_RETENTION
  }

  public TopicSettings withRetentionTime(Duration time) {
    return with(Name.RETENTION_TIME, time);
  }

  public TopicSettings withRetentionBytes(long bytes) {
    return with(Name.RETENTION_BYTES, bytes);
  }

  public TopicSettings withCleanup(Cleanup policy) {
    return with(Name.CLEANUP, policy);
  }

  public TopicSettings withCompactionLagMin(Duration lag) {
    return with(Name.COMPACTION_LAG_MIN, lag);
  }

  public TopicSettings withCompactionLagMax(Duration lag) {
    return with(Name.COMPACTION_LAG_MAX, lag);
  }

  public TopicSettings withCompactionDirtyPercent(int percent) {
    return with(Name.COMPACTION_DIRTY_PERCENT, percent);
  }

  public TopicSettings withTombstoneRetention(Duration time) {
    return with(Name.TOMBSTONE_RETENTION, time);
  }

  private TopicSettings with(Name changed, Object value) {
    return new TopicSettings(
        changed == Name.RETENTION_TIME ? (Duration) value : retentionTime,
        changed == Name.RETENTION_BYTES ? (Long) value : retentionBytes,
        changed == Name.CLEANUP ? (Cleanup) value : cleanup,
        changed == Name.COMPACTION_LAG_MIN ? (Duration) value : compactionLagMin,
        changed == Name.COMPACTION_LAG_MAX ? (Duration) value : compactionLagMax,
        changed == Name.COMPACTION_DIRTY_PERCENT ? (Integer) value : compactionDirtyPercent,
        changed == Name.TOMBSTONE_RETENTION ? (Duration) value : tombstoneRetention);
  }

  /** One of them is said. */
  public boolean has(Name name) {
    return get(name) != null;
  }

  /** What is said of one; null = nothing. */
  public @Nullable Object get(Name name) {
    return switch (name) {
      case RETENTION_TIME -> retentionTime;
      case RETENTION_BYTES -> retentionBytes;
      case CLEANUP -> cleanup;
      case COMPACTION_LAG_MIN -> compactionLagMin;
      case COMPACTION_LAG_MAX -> compactionLagMax;
      case COMPACTION_DIRTY_PERCENT -> compactionDirtyPercent;
      case TOMBSTONE_RETENTION -> tombstoneRetention;
    };
  }
}
