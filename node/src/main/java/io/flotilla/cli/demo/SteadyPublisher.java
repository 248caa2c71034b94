package io.flotilla.cli.demo;

import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the story at a steady rate, on a thread of its own, whatever happens to the cluster.
 */
final class SteadyPublisher implements AutoCloseable {

  /** 200 events a second. */
  private static final long EVERY_MICROS = 5_000;

  private final Producer producer;
  private final Ledger ledger;
  private final CompletableFuture<Position> first = new CompletableFuture<>();
  private final AtomicLong failed = new AtomicLong();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "demo-publisher");
            thread.setDaemon(true);
            return thread;
          });
  private long next;

  SteadyPublisher(Producer producer, Ledger ledger) {
    this.producer = producer;
    this.ledger = ledger;
  }

  /** Begins, and says where the first event went: Emma's, with key 1. */
  CompletableFuture<Position> start() {
    var unused =
        clock.scheduleAtFixedRate(this::publishOne, 0, EVERY_MICROS, TimeUnit.MICROSECONDS);
    return first;
  }

  /** Events whose publication failed for good. */
  long failed() {
    return failed.get();
  }

  private void publishOne() {
    long number = next++;
    ledger.published();
    var unused =
        producer
            .publish(Story.TOPIC, Story.event(number))
            .whenComplete((position, failure) -> answered(number, position, failure));
  }

  private void answered(long number, @Nullable Position position, @Nullable Throwable failure) {
    if (position != null) {
      ledger.acknowledged(number, position, System.nanoTime());
      if (number == 0) {
        first.complete(position);
      }
    } else if (failure != null) {
      failed.incrementAndGet();
      if (number == 0) {
        first.completeExceptionally(failure);
      }
    }
  }

  /** Publishes no more and waits until everything is answered. */
  @Override
  public void close() throws InterruptedException {
    clock.shutdown();
    if (!clock.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the publisher hangs");
    }
    producer.flush();
  }
}
