package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.StartPosition;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.Topic;
import org.jspecify.annotations.Nullable;

/**
 * How far one partition has been read. {@code handedOut ≤ received}; both are -1 until the begin is
 * known. Guarded by the {@link Fetcher}'s monitor.
 */
final class PartitionReader {

  /** There is no end to stop at. */
  static final long NO_END = Long.MAX_VALUE;

  final String topic;
  final long topicId;
  final int partition;
  final StartPosition start;
  final long end;

  /** The next offset to hand out. */
  long handedOut = -1;

  /** The next offset to ask a node for: after what is queued. */
  long received = -1;

  /** The last batch of the partition that is queued; null when none is. */
  @Nullable Queued lastQueued;

  /** Why nothing more of it is read; null while all is well. */
  @Nullable FlotillaClientException failure;

  /** Nothing of it is wanted for now. */
  boolean paused;

  @Nullable FetchStream on;
  int fetchId;

  /** A batch that waits to be polled: whose, and where it came from, to be given credit back. */
  static final class Queued {
    final PartitionReader reader;
    final StoredBatch batch;
    final FetchStream from;

    Queued(PartitionReader reader, StoredBatch batch, FetchStream from) {
      this.reader = reader;
      this.batch = batch;
      this.from = from;
    }
  }

  PartitionReader(Topic topic, int partition, StartPosition start, long end) {
    this(topic.getName(), topic.getTopicId(), partition, start, end);
  }

  PartitionReader(String topic, long topicId, int partition, StartPosition start, long end) {
    this.topic = topic;
    this.topicId = topicId;
    this.partition = partition;
    this.start = start;
    this.end = end;
    if (start instanceof StartPosition.AtOffset at) {
      handedOut = at.offset();
      received = at.offset();
    } else if (end == 0) {
      reached(0); // an empty partition to its end: there is nothing to ask for
    }
  }

  /** Where a stream has to begin now. */
  Position position() {
    return Wire.position(received < 0 ? start : StartPosition.offset(received));
  }

  /** There is more to be read of it now. */
  boolean wanted() {
    return !complete() && !paused && failure == null;
  }

  /** What was queued is not: to be received again. */
  void drop() {
    lastQueued = null;
    received = handedOut;
  }

  /** The next event to hand out is another; nothing is queued. */
  void moveTo(long offset) {
    handedOut = offset;
    received = offset;
    failure = null;
  }

  /** Everything asked for has been received. */
  boolean complete() {
    return received >= end;
  }

  /** Everything asked for has been handed out. */
  boolean finished() {
    return complete() && lastQueued == null;
  }

  /** Nothing is missing up to here: positions go on although there was no event. */
  void reached(long offset) {
    received = Math.max(received, offset);
    if (lastQueued == null) {
      handedOut = received;
    }
  }
}
