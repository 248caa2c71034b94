package io.flotilla.node.grpc.read;

import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.partition.ReadResult;
import io.flotilla.node.partition.Waiter;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.Skipped;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events of a partition from the replica on this node: stored batches are read a few at a time and
 * opened one at a time. A batch that cannot be opened is passed over and said so. Confined.
 */
final class LocalEvents implements EventSource {

  private final Partition partition;
  private final BatchLimits limits;
  private final int readBytes;
  private final Runnable signal;
  private final long end;
  private final Delivery delivery;
  private final Deque<StoredBatch> stored = new ArrayDeque<>();
  private @Nullable StoredBatch open;
  private List<Event> events = List.of();
  private long position;
  private int index;
  private @Nullable Waiter waiter;
  private boolean waiting;

  /**
   * @param end stop before this offset; Long.MAX_VALUE = never
   * @param signal run, on any thread, when there is more after {@link #next} found nothing
   */
  LocalEvents(
      Partition partition,
      long position,
      long end,
      BatchLimits limits,
      int readBytes,
      Runnable signal) {
    this.partition = partition;
    this.delivery = new Delivery(partition.traffic());
    this.position = position;
    this.end = end;
    this.limits = limits;
    this.readBytes = readBytes;
    this.signal = signal;
  }

  @Override
  public EventChunk next(int bytesMax, long eventsMax) {
    List<ReceivedEvent> taken = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    int bytes = 0;
    while (bytes < bytesMax && taken.size() < eventsMax && !done()) {
      if (open == null && !openNext(skipped, taken.isEmpty() && skipped.isEmpty())) {
        break;
      }
      if (open != null) {
        ReceivedEvent event = take(open);
        bytes += event.getSerializedSize();
        taken.add(event);
      }
    }
    delivery.events(taken, bytes);
    return new EventChunk(taken, skipped);
  }

  /** The next offset to read. */
  long position() {
    return position;
  }

  /** Asks for a signal when there is more; none is needed while there is. */
  void await() {
    if (!waiting && caughtUp() && !done()) {
      waiting = true;
      waiter = partition.awaitBeyond(position, signal);
    }
  }

  /** The signal has come. */
  void woken() {
    waiting = false;
  }

  @Override
  public boolean mayHaveMore() {
    return !done() && !waiting;
  }

  @Override
  public boolean caughtUp() {
    return open == null && stored.isEmpty() && position >= partition.highWatermark();
  }

  @Override
  public boolean done() {
    return position >= end;
  }

  @Override
  public Map<Integer, Long> positions() {
    return Map.of(partition.id().partition(), position);
  }

  @Override
  public void close() {
    Waiter registered = waiter;
    if (registered != null) {
      registered.cancel();
    }
    stored.clear();
    open = null;
    events = List.of();
  }

  /** False when there is nothing to open; a batch that cannot be opened leaves none open. */
  private boolean openNext(List<Skipped> skipped, boolean mayRead) {
    if (stored.isEmpty() && (!mayRead || !refill())) {
      return false;
    }
    StoredBatch batch = stored.remove();
    try {
      events = BatchCodec.decode(batch.getBatch(), limits);
      index = BatchOffsets.indexOf(batch, position);
      open = batch;
      moveTo(batch);
    } catch (FlotillaException e) {
      long after = Math.max(batch.getBaseOffset() + 1, BatchOffsets.next(batch));
      skipped.add(
          Skipped.newBuilder()
              .setPartition(partition.id().partition())
              .setFirstOffset(position)
              .setNextOffset(after)
              .setFailure(StatusMapper.toFailure(e))
              .build());
      position = after;
    }
    return true;
  }

  private boolean refill() {
    if (partition.closed()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_LEADER_UNKNOWN,
          "the replica of partition " + partition.id() + " on this node was closed");
    }
    ReadResult read = partition.read(position, readBytes);
    stored.addAll(read.batches());
    if (stored.isEmpty()) {
      position = read.nextOffset();
    }
    return !stored.isEmpty();
  }

  private ReceivedEvent take(StoredBatch batch) {
    ReceivedEvent event =
        ReceivedEvent.newBuilder()
            .setPartition(partition.id().partition())
            .setOffset(position)
            .setEvent(events.get(index))
            .setAppendTimeUnixMs(batch.getAppendTimeUnixMs())
            .build();
    index++;
    moveTo(batch);
    return event;
  }

  /** To the next event of the open batch, over those that were compacted away, or behind it. */
  private void moveTo(StoredBatch batch) {
    if (index < events.size()) {
      position = BatchOffsets.of(batch, index);
    } else {
      position = Math.max(position, BatchOffsets.next(batch));
      open = null;
      events = List.of();
    }
  }
}
