package io.flotilla.node.partition;

import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.types.v1.StoredBatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/**
 * The newest batches of partitions whose end is being read, as they were stored: readers there
 * share them and the store is not asked. One bound for all partitions of a node; the oldest batch
 * goes first, whosever it is. What nobody has read at the end lately is not kept. Safe.
 */
final class TailCache {

  /** After the last reader was at the end: so long is it worth keeping what comes. */
  private static final long WANTED_NANOS = Duration.ofSeconds(10).toNanos();

  private final long bytesMax;
  private final LongSupplier nanos;
  private final ArrayDeque<Kept> order = new ArrayDeque<>(); // guarded by this
  private long bytes; // guarded by this

  /** A batch, and whose it is. Immutable. */
  private static final class Kept {
    final Tail tail;
    final long offset;
    final int bytes;

    Kept(Tail tail, long offset, int bytes) {
      this.tail = tail;
      this.offset = offset;
      this.bytes = bytes;
    }
  }

  TailCache(long bytesMax, LongSupplier nanos) {
    this.bytesMax = bytesMax;
    this.nanos = nanos;
  }

  Tail of(PartitionId partition) {
    return new Tail(partition);
  }

  private synchronized void keep(Tail tail, StoredBatch batch, int size) { // guards order and bytes
    tail.batches.put(batch.getBaseOffset(), batch);
    order.addLast(new Kept(tail, batch.getBaseOffset(), size));
    bytes += size;
    while (bytes > bytesMax) {
      Kept oldest = order.removeFirst();
      oldest.tail.batches.remove(oldest.offset);
      bytes -= oldest.bytes;
    }
  }

  private synchronized void drop(Tail tail) { // guards order and bytes
    order.removeIf(
        kept -> {
          boolean its = kept.tail == tail;
          bytes -= its ? kept.bytes : 0;
          return its;
        });
    tail.batches.clear();
  }

  /** One partition's. What it has is without a gap: batches go from the front only, or all. */
  final class Tail {
    private final PartitionId partition;
    private final ConcurrentSkipListMap<Long, StoredBatch> batches = new ConcurrentSkipListMap<>();
    private volatile long wantedNanos = nanos.getAsLong() - WANTED_NANOS;

    private Tail(PartitionId partition) {
      this.partition = partition;
    }

    /** A reader has reached the end. */
    void wanted() {
      wantedNanos = nanos.getAsLong();
    }

    /** Rows just appended, in order; on the thread that applies. */
    void appended(List<byte[]> rows) {
      if (nanos.getAsLong() - wantedNanos < WANTED_NANOS) {
        rows.forEach(row -> keep(this, LogReader.decode(partition, row), row.length));
      } else if (!batches.isEmpty()) {
        drop(this); // Or there would be a gap.
      }
    }

    /**
     * The batches from the one that holds an offset on; empty when that one is not here.
     *
     * @param end no batch that begins there or later
     * @param maxBytes of all together; the first one is given even if it is larger
     */
    List<StoredBatch> read(long from, long end, int maxBytes) {
      Map.Entry<Long, StoredBatch> holder = batches.floorEntry(from);
      if (holder == null || BatchOffsets.next(holder.getValue()) <= from) {
        return List.of();
      }
      List<StoredBatch> found = new ArrayList<>();
      long size = 0;
      long next = holder.getKey();
      for (StoredBatch batch : batches.subMap(holder.getKey(), end).values()) {
        size += batch.getSerializedSize();
        // Batches that go meanwhile are missed by the iteration, and must not be read across.
        if (batch.getBaseOffset() != next || (size > maxBytes && !found.isEmpty())) {
          break;
        }
        found.add(batch);
        next = BatchOffsets.next(batch);
      }
      return found;
    }

    /** Forgets everything: what was stored has changed, or nobody will ask again. */
    void clear() {
      drop(this);
    }
  }
}
