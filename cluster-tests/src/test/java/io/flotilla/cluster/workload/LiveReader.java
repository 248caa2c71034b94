package io.flotilla.cluster.workload;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.Seen;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A subscriber that follows a topic from its beginning, on a thread of its own, and records what it
 * receives. A failure of the subscriber surfaces from {@link #stop}.
 */
final class LiveReader implements AutoCloseable {
  private static final int READER_ID = 1;
  private static final Duration POLL_MAX = Duration.ofMillis(200);

  private final FlotillaClient client;
  private final String topic;
  private final History history;
  private final AtomicLong received = new AtomicLong();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private CompletableFuture<Void> reading = CompletableFuture.completedFuture(null);
  private volatile boolean stopped;

  LiveReader(String servers, String topic, History history) {
    this.client = FlotillaClient.connect(servers);
    this.topic = topic;
    this.history = history;
  }

  void start() {
    reading = CompletableFuture.runAsync(this::follow, thread);
  }

  /** Events so far; fails when the subscriber failed. */
  long received() {
    if (reading.isCompletedExceptionally()) {
      join();
    }
    return received.get();
  }

  void stop() {
    stopped = true;
    join();
  }

  private void join() {
    try {
      reading.join();
    } catch (CompletionException e) {
      throw new AssertionError("the reader failed", e.getCause());
    }
  }

  private void follow() {
    SubscribeOptions options =
        SubscribeOptions.builder().topic(topic).from(StartPosition.earliest()).build();
    try (Subscriber subscriber = client.subscribe(options)) {
      while (!stopped) {
        for (ReceivedEvent event : subscriber.poll(POLL_MAX)) {
          String value = Objects.requireNonNull(event.valueText());
          history.read(READER_ID, new Seen(event.partition(), event.offset(), value));
          received.incrementAndGet();
        }
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.shutdown();
    client.close();
  }
}
