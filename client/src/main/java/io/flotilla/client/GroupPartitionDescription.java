package io.flotilla.client;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a consumer group is in a partition.
 *
 * @param partition the partition
 * @param memberId the member that has it; empty: none
 * @param committedOffset the next event to process; null: nothing is committed
 * @param committed when that was committed; null: nothing is
 * @param progress where the partition ends and how far behind the group is; null when its leader
 *     could not tell
 * @param problem why progress is missing; null when it is there
 */
public record GroupPartitionDescription(
    TopicPartition partition,
    String memberId,
    @Nullable Long committedOffset,
    @Nullable Instant committed,
    @Nullable Progress progress,
    @Nullable String problem) {

  /**
   * The distance between what is committed and the end.
   *
   * @param logStartOffset the first event that is kept
   * @param endOffset behind the last event
   * @param lagEvents offsets between the committed one and the end
   * @param lag how long the oldest unprocessed event has been waiting; zero: nothing waits
   * @param oldestUnprocessed when that event was appended; null: nothing waits
   * @param consumedPerSecond events a second that the group commits, of late
   * @param publishedPerSecond events a second that are published, of late
   * @param catchUp when the lag will be gone at these rates; null: not at these rates, nothing
   *     waits, or they are not known
   * @param fallingBehind something waits, and at these rates it will not be caught up with
   */
  public record Progress(
      long logStartOffset,
      long endOffset,
      long lagEvents,
      Duration lag,
      @Nullable Instant oldestUnprocessed,
      double consumedPerSecond,
      double publishedPerSecond,
      @Nullable Duration catchUp,
      boolean fallingBehind) {}
}
