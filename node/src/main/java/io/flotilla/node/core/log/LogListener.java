package io.flotilla.node.core.log;

import io.flotilla.node.model.PartitionId;

/** Hears, on the thread that applies, what readers may now see. Must not block. */
@FunctionalInterface
public interface LogListener {
  /** logStartOffset ≤ highWatermark; both never fall. */
  void advanced(PartitionId partition, long logStartOffset, long highWatermark);
}
