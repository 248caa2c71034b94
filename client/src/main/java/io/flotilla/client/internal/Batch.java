package io.flotilla.client.internal;

import io.flotilla.client.Compression;
import io.flotilla.client.Event;
import io.flotilla.client.Position;
import io.flotilla.proto.types.v1.EventBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Events of one partition that are sent together, from the first event to the answer. Events are
 * serialised as they arrive. Confined to the lock of its {@link PartitionQueue}.
 */
final class Batch {

  static final int EVENTS_MAX = 10_000;
  private static final int FIRST_BYTES = 512;

  final long createdNanos;
  final List<CompletableFuture<Position>> futures = new ArrayList<>();

  /** Done, never exceptionally, once every future of the batch is. */
  final CompletableFuture<Void> done = new CompletableFuture<>();

  /** Bytes taken from the buffer budget. */
  long reservedBytes;

  /** Meaningful while it is numbered, that is, among the unacknowledged. */
  int firstSequence;

  /** The stream on which an answer is awaited; null when none is. */
  @Nullable PublishConnection on;

  /** It was sent before. */
  boolean sent;

  /** An attempt ended without an answer: it may have been written. */
  boolean uncertain;

  /** The last answer was SEQUENCE_GAP: it is not written and cannot be under this number. */
  boolean gap;

  /** Nobody shall wait for company any more. */
  boolean hurry;

  /** The trace context of its first event whose trace somebody records; empty: none has any. */
  String traceparent = "";

  private byte @Nullable [] bytes = new byte[FIRST_BYTES];
  private int size;
  private long maxTimestamp;
  private @Nullable EventBatch encoded;

  Batch(long createdNanos) {
    this.createdNanos = createdNanos;
  }

  /** There is room for an item of these bytes. One event always fits an empty batch. */
  boolean fits(int itemSize, int limit) {
    return futures.isEmpty() || (futures.size() < EVENTS_MAX && (long) size + itemSize <= limit);
  }

  boolean full(int limit) {
    return futures.size() >= EVENTS_MAX || size >= limit;
  }

  void add(Event event, long timestamp, int bodySize, CompletableFuture<Position> future) {
    byte[] target = bytes;
    if (target == null) {
      throw new IllegalStateException("an event for a batch that is encoded already");
    }
    int itemSize = EventEncoder.itemSize(bodySize);
    if (target.length - size < itemSize) {
      target = Arrays.copyOf(target, Math.max(size + itemSize, target.length * 2));
      bytes = target;
    }
    EventEncoder.write(event, timestamp, bodySize, target, size);
    size += itemSize;
    maxTimestamp = Math.max(maxTimestamp, timestamp);
    futures.add(future);
    if (traceparent.isEmpty()) {
      traceparent = TraceHeader.sampled(event);
    }
  }

  /** It is proven that it is not written and cannot be any more. */
  void settleAsUnwritten() {
    gap = false;
    uncertain = false;
  }

  /** It may be written, or be written yet. */
  boolean inDoubt() {
    return on != null || uncertain;
  }

  int eventCount() {
    return futures.size();
  }

  /** As it is sent; encoded once, after which no event can be added. */
  EventBatch encoded(Compression compression) {
    EventBatch ready = encoded;
    byte[] source = bytes;
    if (ready == null) {
      if (source == null) {
        throw new IllegalStateException("a batch without bytes");
      }
      ready = BatchCodec.encode(source, size, futures.size(), maxTimestamp, compression);
      encoded = ready;
      bytes = null;
    }
    return ready;
  }
}
