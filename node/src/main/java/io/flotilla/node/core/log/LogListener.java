package io.flotilla.node.core.log;

import io.flotilla.node.model.PartitionId;
import java.util.List;
import java.util.function.Supplier;

/** Hears, on the thread that applies, what readers may now see. Must not block. */
@FunctionalInterface
public interface LogListener {
  /** Rows of batches that were appended, in order; before readers are shown them. May be kept. */
  default void appended(PartitionId partition, List<byte[]> rows) {}

  /** Compaction changed batches of the partition. Its rows are not announced from then on. */
  default void compacted(PartitionId partition) {}

  /** logStartOffset ≤ highWatermark; both never fall. */
  void advanced(PartitionId partition, long logStartOffset, long highWatermark);

  /** For a listener that does not exist yet when logs are opened, but when they change. */
  static LogListener late(Supplier<? extends LogListener> listener) {
    return new LogListener() {
      @Override
      public void appended(PartitionId partition, List<byte[]> rows) {
        listener.get().appended(partition, rows);
      }

      @Override
      public void compacted(PartitionId partition) {
        listener.get().compacted(partition);
      }

      @Override
      public void advanced(PartitionId partition, long logStartOffset, long highWatermark) {
        listener.get().advanced(partition, logStartOffset, highWatermark);
      }
    };
  }
}
