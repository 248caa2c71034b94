package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Subscriber} over a {@link Fetcher}: the partitions of one topic, known from the beginning.
 * All state is under the fetcher's monitor.
 */
final class FetchSubscriber implements Subscriber, Fetcher.Owner {

  /** After this many events poll returns, although more are there. */
  static final int POLL_EVENTS = 1_000;

  private final SubscribeOptions options;
  private final Fetcher fetcher;
  private final Set<AutoCloseable> parts;

  private final Map<Integer, PartitionReader> readers = new TreeMap<>();
  private @Nullable FlotillaClientException failure;
  private long handedOut;
  private boolean closed;

  FetchSubscriber(
      SubscribeOptions options, FetchStreams streams, AdminCalls admin, Set<AutoCloseable> parts) {
    this.options = options;
    this.fetcher = new Fetcher(streams, options.bufferBytes(), this);
    this.parts = parts;
    parts.add(this);
    try {
      Subscription subscription = Subscription.begin(options, admin);
      synchronized (fetcher) { // here and below: guards all fields that are not final, and readers
        subscription.readers().forEach(reader -> readers.put(reader.partition, reader));
        fetcher.add(subscription.readers());
      }
    } catch (FlotillaClientException e) {
      failure = e;
    }
  }

  @Override
  public boolean refused(PartitionReader reader, Refusal refusal) {
    failed(refusal);
    return false;
  }

  @Override
  public void failed(Refusal refusal) {
    if (failure == null) {
      failure = refusal.toException();
    }
  }

  @Override
  public List<ReceivedEvent> poll(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<ReceivedEvent> events = new ArrayList<>();
    synchronized (fetcher) {
      while (!closed && !atEnd()) {
        while (fetcher.ready() && events.size() < POLL_EVENTS && !enough()) {
          fetcher.next(event -> give(event, events));
        }
        if (!events.isEmpty() || atEnd()) {
          break;
        }
        throwFailure();
        if (!Waiting.until(fetcher, deadline)) {
          break;
        }
      }
    }
    return events;
  }

  private void throwFailure() {
    for (PartitionReader reader : readers.values()) {
      if (failure == null) {
        failure = reader.failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private boolean give(ReceivedEvent event, List<ReceivedEvent> into) {
    if (enough()) {
      return false;
    }
    into.add(event);
    handedOut++;
    return true;
  }

  private boolean enough() {
    return options.maxEvents() > 0 && handedOut >= options.maxEvents();
  }

  @Override
  public void forEach(Consumer<ReceivedEvent> consumer) {
    while (!finished() && !Thread.currentThread().isInterrupted()) {
      poll(Duration.ofSeconds(1)).forEach(consumer);
    }
  }

  private boolean finished() {
    synchronized (fetcher) {
      return closed || atEnd();
    }
  }

  @Override
  public boolean atEnd() {
    synchronized (fetcher) {
      return enough()
          || (options.untilEnd()
              && !readers.isEmpty()
              && readers.values().stream().allMatch(PartitionReader::finished));
    }
  }

  @Override
  public Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new TreeMap<>();
    synchronized (fetcher) {
      readers.forEach(
          (partition, reader) -> {
            if (reader.handedOut >= 0) {
              positions.put(partition, reader.handedOut);
            }
          });
    }
    return positions;
  }

  @Override
  public void close() {
    synchronized (fetcher) {
      if (!closed) {
        closed = true;
        fetcher.stop();
        parts.remove(this);
        fetcher.notifyAll();
      }
    }
  }
}
