package io.flotilla.cli.bench;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic live and records how late each event of this run is: events carry in a header when
 * they were due, by this process's own System.nanoTime. Safe.
 */
final class DueReader implements AutoCloseable {

  private static final String DUE = "flotilla-bench-due";
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long MICROS_MAX = TimeUnit.MINUTES.toMicros(5);

  private final Subscriber subscriber;
  private final long runBegan = System.nanoTime();
  private final Recorder micros = new Recorder(MICROS_MAX, 3);
  private final LongAdder received = new LongAdder();
  private final Thread thread = new Thread(this::read, "bench-reader");
  private volatile boolean ending;
  private final Gap gap = new Gap();
  private volatile @Nullable RuntimeException failure;

  DueReader(FlotillaClient client, String topic) {
    this.subscriber =
        client.subscribe(
            SubscribeOptions.builder().topic(topic).from(StartPosition.latest()).build());
    thread.setDaemon(true);
    thread.start();
  }

  /** The event with its due time. */
  static Event stamped(Event event, long dueNanos) {
    return event.withHeader(DUE, ByteBuffer.allocate(Long.BYTES).putLong(dueNanos).array());
  }

  long received() {
    return received.sum();
  }

  /** How late events were since the last call, in microseconds. */
  Histogram times() {
    return micros.getIntervalHistogram();
  }

  /** The longest time without an event since the last call, in nanoseconds. */
  long longestGapNanos() {
    return gap.longestNanos();
  }

  /** Throws what ended the subscription, if anything has. */
  void demandReading() {
    RuntimeException why = failure;
    if (why != null) {
      throw why;
    }
  }

  private void read() {
    try {
      while (!ending) {
        for (ReceivedEvent event : subscriber.poll(POLL)) {
          long now = System.nanoTime();
          for (Header header : event.headers()) {
            if (header.key().equals(DUE)) {
              record(ByteBuffer.wrap(header.value()).getLong(), now);
            }
          }
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void record(long due, long now) {
    if (due < runBegan) {
      return; // Of an earlier run that is still being delivered.
    }
    received.increment();
    micros.recordValue(Math.min(MICROS_MAX, Math.max(0, now - due) / 1_000));
    gap.something(now);
  }

  @Override
  public void close() {
    ending = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    subscriber.close();
  }
}
