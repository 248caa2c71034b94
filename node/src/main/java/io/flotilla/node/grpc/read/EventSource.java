package io.flotilla.node.grpc.read;

import java.util.Map;

/**
 * Where a subscription gets the events of one or more partitions from: a replica here, or another
 * node. Keeps about one read of batches, or one response. Confined to the subscription's serial
 * executor.
 */
interface EventSource {

  /** What comes next, about so much; empty when nothing is there, and then a signal will come. */
  EventChunk next(int bytesMax, long eventsMax);

  /** Something may be there: ask {@link #next}, which either has it or sees to the signal. */
  boolean mayHaveMore();

  /** Everything that can be read now has been handed out. */
  boolean caughtUp();

  /** Every partition reached the end that was set for it. */
  boolean done();

  /** The next offset of each partition. */
  Map<Integer, Long> positions();

  void close();
}
