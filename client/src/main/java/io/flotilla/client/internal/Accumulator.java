package io.flotilla.client.internal;

import io.flotilla.client.Event;
import io.flotilla.client.Position;
import io.flotilla.client.ProducerOptions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The events of one partition that have no number yet: one open batch that still takes events, and
 * before it those that take no more. Bounded by the producer's buffer budget. Confined to the lock
 * of its {@link PartitionQueue}.
 */
final class Accumulator {

  private final ProducerOptions options;
  private final ArrayDeque<Batch> sealed = new ArrayDeque<>();
  private @Nullable Batch open;

  Accumulator(ProducerOptions options) {
    this.options = options;
  }

  /** True when a new batch was begun. */
  boolean makeRoom(int itemSize, int limit) {
    if (open != null && !open.fits(itemSize, limit)) {
      seal();
    }
    if (open != null) {
      return false;
    }
    open = new Batch(System.nanoTime());
    return true;
  }

  /** Adds to the open batch, for which room was made. */
  Batch add(Event event, long timestamp, int bodySize, CompletableFuture<Position> future) {
    Batch batch = open;
    if (batch == null) {
      throw new IllegalStateException("no room was made");
    }
    batch.add(event, timestamp, bodySize, future);
    batch.reservedBytes += BatchingProducer.cost(bodySize);
    return batch;
  }

  boolean isOpen(Batch batch) {
    return open == batch;
  }

  /** The open batch takes no more events. */
  void seal() {
    if (open != null) {
      sealed.addLast(open);
      open = null;
    }
  }

  /** The open batch waits for no company any more. */
  void hurry() {
    if (open != null) {
      open.hurry = true;
    }
  }

  /** The batch to send next, sealed; null when none is due. Nothing under way: one that is open. */
  @Nullable Batch next(boolean idle) {
    if (sealed.isEmpty() && idle && open != null && lingered(open)) {
      seal();
    }
    return sealed.peekFirst();
  }

  private boolean lingered(Batch batch) {
    return batch.hurry
        || options.linger().isZero()
        || System.nanoTime() - batch.createdNanos >= options.linger().toNanos();
  }

  /** The batch that {@link #next} gave has been sent. */
  void removeFirst() {
    sealed.removeFirst();
  }

  /** Takes batches back, before all others, in their order. */
  void putBack(List<Batch> batches) {
    for (int i = batches.size() - 1; i >= 0; i--) {
      sealed.addFirst(batches.get(i));
    }
  }

  void forEach(Consumer<Batch> action) {
    sealed.forEach(action);
    if (open != null) {
      action.accept(open);
    }
  }

  /** Removes the oldest batches while the condition holds. */
  void removeWhile(Predicate<Batch> condition, Consumer<Batch> removed) {
    if (open != null && condition.test(open)) {
      seal();
    }
    Batch first = sealed.peekFirst();
    while (first != null && condition.test(first)) {
      sealed.removeFirst();
      removed.accept(first);
      first = sealed.peekFirst();
    }
  }
}
