package io.flotilla.cli.bench;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Publishes from several producers, each with a thread, until it is closed. Closed loop: as fast as
 * acknowledgements come, with a bound of events under way; a time is that of one publish. Open
 * loop: at a rate, whatever the cluster does, and a time begins when the event was due, so that
 * events that wait behind a slow one count, too (Gil Tene's "coordinated omission"). Safe.
 */
final class Load implements AutoCloseable {

  /** Beyond this an open loop waits for the cluster; it only bounds memory. */
  private static final int OPEN_IN_FLIGHT_MAX = 200_000;

  /** Longer times are recorded as this one. */
  private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(5);

  /**
   * What is published.
   *
   * @param inFlight events under way of a producer, in a closed loop
   * @param ratePerSecond of all producers together; 0: closed loop
   */
  record Plan(
      String topic, int producers, int inFlight, long ratePerSecond, ProducerOptions options) {}

  /** Makes the n-th event, which is due, or handed over, at a time of System.nanoTime. */
  interface Maker {
    Event event(long n, long nanos);
  }

  private final Plan plan;
  private final Maker maker;
  private final List<Producer> producers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Gap gap = new Gap();
  private final Recorder micros = new Recorder(MICROS_MAX, 3);
  private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
  private final long begun = System.nanoTime();
  private volatile boolean ending;

  Load(FlotillaClient client, Plan plan, Maker maker) {
    this.plan = plan;
    this.maker = maker;
    for (int i = 0; i < plan.producers(); i++) {
      Producer producer = client.producer(plan.options());
      producers.add(producer);
      int first = i;
      Thread thread = new Thread(() -> publish(producer, first), "bench-producer-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  Load start() {
    threads.forEach(Thread::start);
    return this;
  }

  long acknowledged() {
    return acknowledged.sum();
  }

  /** Of values. */
  long bytes() {
    return bytes.sum();
  }

  long failed() {
    return failed.sum();
  }

  @Nullable Throwable firstFailure() {
    return firstFailure.get();
  }

  /** The times since the last call, in microseconds. */
  Histogram times() {
    return micros.getIntervalHistogram();
  }

  /** The longest time without an acknowledgement since the last call, in nanoseconds. */
  long longestGapNanos() {
    return gap.longestNanos();
  }

  private void publish(Producer producer, int first) {
    boolean open = plan.ratePerSecond() > 0;
    Semaphore room = new Semaphore(open ? OPEN_IN_FLIGHT_MAX : plan.inFlight());
    double everyNanos = open ? 1e9 / plan.ratePerSecond() : 0;
    for (long n = first; !ending; n += plan.producers()) {
      long due = begun + Math.round(n * everyNanos);
      if (open && !awaitDue(due)) {
        return;
      }
      room.acquireUninterruptibly();
      long from = open ? due : System.nanoTime();
      Event event = maker.event(n, from);
      byte[] value = event.value();
      int length = value == null ? 0 : value.length;
      var unused =
          producer
              .publish(plan.topic(), event)
              .whenComplete(
                  (position, fault) -> {
                    room.release();
                    answered(from, length, position, fault);
                  });
    }
  }

  private boolean awaitDue(long due) {
    for (long left = due - System.nanoTime(); left > 0 && !ending; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return !ending;
  }

  private void answered(
      long from, int length, @Nullable Position position, @Nullable Throwable fault) {
    if (position != null) {
      acknowledged.increment();
      bytes.add(length);
      long now = System.nanoTime();
      gap.something(now);
      long took = TimeUnit.NANOSECONDS.toMicros(now - from);
      micros.recordValue(Math.min(MICROS_MAX, took));
    } else if (!ending) {
      failed.increment();
      Throwable cause =
          fault instanceof CompletionException && fault.getCause() != null
              ? fault.getCause()
              : fault;
      firstFailure.compareAndSet(null, cause);
    }
  }

  /** Ends, and waits for what is under way. */
  @Override
  public void close() {
    ending = true;
    threads.forEach(LockSupport::unpark);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producers.forEach(Producer::close);
  }
}
