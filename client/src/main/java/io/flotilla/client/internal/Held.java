package io.flotilla.client.internal;

import io.flotilla.client.StartPosition;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.v1.AssignedPartition;

/**
 * A partition that a member of a group has, from one assignment to its end; {@code sent ≤ finished}
 * and {@code committed ≤ position}, unless the user seeks back. Guarded by the {@link Fetcher}'s
 * monitor.
 */
final class Held {

  /** Every event that was handed out is processed, as far as {@code run} is concerned. */
  static final long NONE = -1;

  final TopicPartition partition;
  final long topicId;
  final long generation;
  final PartitionReader reader;

  /** The listener was told that it is the member's. */
  boolean told;

  /** It is to be let go. */
  boolean revoked;

  /** The first event that was handed out and not processed yet, in {@code run}; or NONE. */
  long open = NONE;

  /** Up to here events count as processed, and may be committed without being asked. */
  long finished;

  /** The highest offset that such a commit was sent with. */
  long sent;

  /** What is known to be committed. */
  long committed;

  Held(AssignedPartition assigned) {
    partition = new TopicPartition(assigned.getTopic(), assigned.getPartition());
    topicId = assigned.getTopicId();
    generation = assigned.getGeneration();
    finished = sent = committed = assigned.getStartOffset();
    reader =
        new PartitionReader(
            assigned.getTopic(),
            topicId,
            assigned.getPartition(),
            StartPosition.offset(assigned.getStartOffset()),
            PartitionReader.NO_END);
  }

  /** The next event to process. */
  long position() {
    return open == NONE ? reader.handedOut : open;
  }

  /** Something was handed out that is not committed. */
  boolean owes() {
    return position() > committed || open != NONE;
  }

  boolean is(AssignedPartition other) {
    return generation == other.getGeneration() && topicId == other.getTopicId();
  }

  GroupCommits.Item commit(long offset) {
    return new GroupCommits.Item(partition, topicId, generation, offset);
  }

  io.flotilla.proto.v1.TopicPartition wire() {
    return io.flotilla.proto.v1.TopicPartition.newBuilder()
        .setTopic(partition.topic())
        .setTopicId(topicId)
        .setPartition(partition.partition())
        .build();
  }
}
