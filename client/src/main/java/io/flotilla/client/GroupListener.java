package io.flotilla.client;

import java.util.Set;

/**
 * Is told what becomes of a group consumer's partitions, always by the thread that polls, inside
 * {@link GroupConsumer#poll} or between two events of {@link GroupConsumer#run}. What it throws,
 * {@code poll} throws. It may commit, seek, pause and close, but not poll.
 */
public interface GroupListener {

  /** The partitions are this member's; none of their events has been handed out yet. */
  default void assigned(Set<TopicPartition> partitions) {}

  /**
   * The partitions go to other members when this returns: none of their events is handed out any
   * more, those that were can still be committed here.
   */
  default void revoked(Set<TopicPartition> partitions) {}

  /** The partitions may be another member's already: commits of them are refused. */
  default void lost(Set<TopicPartition> partitions) {}

  /**
   * The event to read next is no longer kept: reading goes on at the first one that is.
   *
   * @param from the offset that is gone
   * @param to where reading goes on
   */
  default void reset(TopicPartition partition, long from, long to) {}
}
