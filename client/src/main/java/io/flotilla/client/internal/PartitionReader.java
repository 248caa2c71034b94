package io.flotilla.client.internal;

import io.flotilla.client.StartPosition;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StoredBatch;
import org.jspecify.annotations.Nullable;

/**
 * How far one partition has been read. {@code handedOut ≤ received}; both are -1 until the begin is
 * known. Confined to the subscriber's lock.
 */
final class PartitionReader {

  /** There is no end to stop at. */
  static final long NO_END = Long.MAX_VALUE;

  final int partition;
  final StartPosition start;
  final long end;

  /** The next offset to hand out. */
  long handedOut = -1;

  /** The next offset to ask a node for: after what is queued. */
  long received = -1;

  /** The last batch of the partition that is queued; null when none is. */
  @Nullable Queued lastQueued;

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

  PartitionReader(int partition, StartPosition start, long end) {
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
