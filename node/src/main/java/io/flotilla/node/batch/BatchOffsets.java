package io.flotilla.node.batch;

import io.flotilla.proto.types.v1.StoredBatch;

/** Where the events of a stored batch are: with gaps once it has been compacted. Pure. */
public final class BatchOffsets {

  private BatchOffsets() {}

  /** The offset at which reading goes on behind the batch. */
  public static long next(StoredBatch batch) {
    int span = batch.getOffsetSpan();
    return batch.getBaseOffset() + (span > 0 ? span : batch.getBatch().getEventCount());
  }

  /** The offset of the i-th event. */
  public static long of(StoredBatch batch, int index) {
    return batch.getBaseOffset()
        + (batch.getOffsetDeltasCount() > 0 ? batch.getOffsetDeltas(index) : index);
  }

  /** The first event at or after an offset, by its index; the number of events = there is none. */
  public static int indexOf(StoredBatch batch, long offset) {
    int count = batch.getBatch().getEventCount();
    if (batch.getOffsetDeltasCount() == 0) {
      return (int) Math.min(count, Math.max(0, offset - batch.getBaseOffset()));
    }
    int low = 0;
    int high = Math.min(count, batch.getOffsetDeltasCount());
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (of(batch, middle) < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
