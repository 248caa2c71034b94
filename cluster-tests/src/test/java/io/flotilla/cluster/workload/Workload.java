package io.flotilla.cluster.workload;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerOptions;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.History.Invocation;
import io.flotilla.cluster.harness.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Load on one topic that remembers everything: a few writers, each with a producer of its own that
 * publishes at a steady pace, and one reader that follows all partitions from the beginning. The
 * pace is steady so that a fault does not thin out the load it is meant to hurt. Each writer has a
 * thread; answers come on threads of the client. {@link #finish} must be called before judging.
 */
public final class Workload implements AutoCloseable {
  private static final int KEYS_PER_WRITER = 20;
  private static final int EVENTS_PER_TICK = 5;
  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration FINISH_MAX = Duration.ofSeconds(60);

  private final String topic;
  private final Random random;
  private final History history = new History();
  private final AtomicLong invoked = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicReference<String> lastFailure = new AtomicReference<>("no publish failed");
  private final List<FlotillaClient> clients = new ArrayList<>();
  private final List<Writer> writers = new ArrayList<>();
  private final ScheduledExecutorService pace;
  private final List<Future<?>> ticking = new ArrayList<>();
  private final LiveReader reader;

  private Workload(String servers, String topic, int writerCount, long seed) {
    System.out.printf("workload on %s: writers=%d seed=%d%n", topic, writerCount, seed);
    this.topic = topic;
    this.random = new Random(seed);
    this.pace = Executors.newScheduledThreadPool(writerCount);
    this.reader = new LiveReader(servers, topic, history);
    for (int id = 1; id <= writerCount; id++) {
      FlotillaClient client = FlotillaClient.connect(servers);
      clients.add(client);
      writers.add(new Writer(id, client.producer(ProducerOptions.defaults())));
    }
  }

  /** Begins to write, some events every hundredth of a second, and to read. */
  public static Workload start(String servers, String topic, int writerCount, long seed) {
    return start(servers, topic, writerCount, TICK, seed);
  }

  /** Begins to write, some events at each tick, and to read. */
  static Workload start(String servers, String topic, int writerCount, Duration tick, long seed) {
    Workload workload = new Workload(servers, topic, writerCount, seed);
    workload.reader.start();
    for (Writer writer : workload.writers) {
      workload.ticking.add(
          workload.pace.scheduleAtFixedRate(
              writer::tick, 0, tick.toMillis(), TimeUnit.MILLISECONDS));
    }
    return workload;
  }

  /** Waits until this many more events have been acknowledged: the cluster takes writes. */
  public void awaitAcknowledged(int more, Duration atMost) {
    long target = acknowledged.get() + more;
    try {
      Await.until(
          more + " more acknowledged events",
          atMost,
          () -> writersAreWell() && acknowledged.get() >= target);
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + "; of " + this + ", " + lastFailure, late);
    }
  }

  /** Stops writing, waits for every answer and until the reader has everything acknowledged. */
  public History finish() {
    stopWriting();
    Await.until(
        "the reader has every acknowledged event",
        FINISH_MAX,
        () -> reader.received() >= acknowledged.get());
    reader.stop();
    return history;
  }

  /** Stops writing and waits for every answer. May be called again. */
  void stopWriting() {
    pace.shutdown();
    writersAreWell();
    Await.until("the writers stop", FINISH_MAX, pace::isTerminated);
    writers.forEach(writer -> writer.producer.flush());
    Await.until("every write is answered", FINISH_MAX, () -> answered.get() == invoked.get());
  }

  /** True, unless the client threw at a writer instead of answering: then that is the failure. */
  private boolean writersAreWell() {
    for (Future<?> writer : ticking) {
      if (writer.isDone() && !writer.isCancelled()) {
        try {
          writer.get();
        } catch (ExecutionException e) {
          throw new AssertionError("publish threw", e.getCause());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted", e);
        }
      }
    }
    return true;
  }

  public String topic() {
    return topic;
  }

  /** What has been recorded so far; others may record into it, too. */
  public History history() {
    return history;
  }

  /** Events acknowledged so far. */
  public long acknowledged() {
    return acknowledged.get();
  }

  @Override
  public String toString() {
    return String.format(
        "%d invoked, %d answered, %d acknowledged",
        invoked.get(), answered.get(), acknowledged.get());
  }

  @Override
  public void close() {
    pace.shutdownNow();
    reader.close();
    clients.forEach(FlotillaClient::close);
  }

  /** One producer and the order in which it was called. */
  private final class Writer {
    private final int id;
    private final Producer producer;
    private int sequence;

    Writer(int id, Producer producer) {
      this.id = id;
      this.producer = producer;
    }

    void tick() {
      for (int i = 0; i < EVENTS_PER_TICK; i++) {
        publish();
      }
    }

    private void publish() {
      String key = "w" + id + "-k" + random.nextInt(KEYS_PER_WRITER);
      String value = id + "/" + sequence + "/" + key;
      Invocation invocation = history.invoke(id, sequence++, value);
      invoked.incrementAndGet();
      var unused =
          producer
              .publish(topic, Event.of(key, value))
              .whenComplete((position, failure) -> answer(invocation, position, failure));
    }

    private void answer(
        Invocation invocation, @Nullable Position position, @Nullable Throwable failure) {
      if (position == null) {
        lastFailure.set("the last publish that failed: " + failure);
        if (definitelyNotWritten(failure)) {
          invocation.failed();
        }
      } else {
        invocation.acknowledged(position.partition(), position.offset());
        acknowledged.incrementAndGet();
      }
      answered.incrementAndGet();
    }
  }

  private static boolean definitelyNotWritten(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof FlotillaClientException known
        && (known.kind() == Kind.REFUSED || known.kind() == Kind.RETRY);
  }
}
