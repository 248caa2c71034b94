package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Details;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Subscriber} over FetchStream: one stream to each node that serves some of its partitions,
 * moved and begun again at its own positions whenever one is lost. Batches wait undecoded in a
 * queue bounded by the credit given; they are checked and decoded by the polling thread. All state
 * is under one lock, which gRPC's threads hold only to put batches into the queue.
 */
final class FetchSubscriber implements Subscriber {

  /** A stream is given at least this, so that batches of the default size come whole. */
  private static final long CREDIT_LEAST = 1 << 20;

  /** After this many events poll returns, although more are there. */
  private static final int POLL_EVENTS = 1_000;

  private final SubscribeOptions options;
  private final FetchStreams streams;
  private final Set<AutoCloseable> parts;

  private final Map<Integer, PartitionReader> readers = new TreeMap<>();
  private final Map<Integer, PartitionReader> byFetchId = new HashMap<>();
  private final Map<Route, FetchStream> open = new HashMap<>();
  private final ArrayDeque<PartitionReader.Queued> queue = new ArrayDeque<>();
  private @Nullable FlotillaClientException failure;
  private long topicId;
  private long handedOut;
  private int lastFetchId;
  private int failures;
  private boolean assigning;
  private boolean closed;

  FetchSubscriber(
      SubscribeOptions options, FetchStreams streams, AdminCalls admin, Set<AutoCloseable> parts) {
    this.options = options;
    this.streams = streams;
    this.parts = parts;
    parts.add(this);
    try {
      Subscription subscription = Subscription.begin(options, admin);
      synchronized (this) { // guards all fields that are not final, and the collections
        topicId = subscription.topicId();
        subscription.readers().forEach(reader -> readers.put(reader.partition, reader));
        assign();
      }
    } catch (FlotillaClientException e) {
      failure = e;
    }
  }

  /** Puts every partition that is read nowhere onto a stream. */
  private void assign() {
    assigning = false;
    Map<Route, List<PartitionReader>> wanted = new LinkedHashMap<>();
    for (PartitionReader reader : readers.values()) {
      if (reader.on == null && !reader.complete()) {
        Route route = streams.topology().route(options.topic(), reader.partition);
        wanted.computeIfAbsent(route, r -> new ArrayList<>()).add(reader);
      }
    }
    if (closed || failure != null) {
      return;
    }
    wanted.forEach(
        (route, some) -> {
          FetchStream stream = open.get(route);
          long credit = 0;
          if (stream == null) {
            stream = streams.open(route, this);
            open.put(route, stream);
            credit =
                Math.max(
                    Math.min(CREDIT_LEAST, options.bufferBytes()),
                    options.bufferBytes() / Math.max(1, open.size()));
          }
          List<FetchPartition> add = new ArrayList<>();
          for (PartitionReader reader : some) {
            add.add(request(reader, stream));
          }
          stream.add(add, credit);
        });
  }

  private FetchPartition request(PartitionReader reader, FetchStream stream) {
    reader.on = stream;
    reader.fetchId = ++lastFetchId;
    byFetchId.put(reader.fetchId, reader);
    return FetchPartition.newBuilder()
        .setFetchId(reader.fetchId)
        .setTopic(options.topic())
        .setTopicId(topicId)
        .setPartition(reader.partition)
        .setFrom(reader.position())
        .build();
  }

  private void release(PartitionReader reader) {
    byFetchId.remove(reader.fetchId);
    reader.on = null;
  }

  synchronized void onResponse(FetchStream stream, FetchStreamResponse response) {
    if (open.get(stream.route()) != stream) {
      return;
    }
    if (response.hasGoAway()) {
      lost(stream);
      stream.cancel();
      streams.topology().avoid(stream.route());
      assign();
      return;
    }
    PartitionReader reader = byFetchId.get(response.getFetchId());
    if (reader != null && response.hasStartedAt()) {
      reader.reached(response.getStartedAt()); // first: its batch may begin before it
    }
    long bytes = 0;
    for (StoredBatch batch : response.getBatchesList()) {
      if (reader == null || !take(reader, batch, stream)) {
        bytes += credit(batch);
      }
    }
    if (bytes > 0) {
      stream.credit(bytes);
    }
    if (reader != null) {
      if (response.hasFailure()) {
        release(reader);
        refused(stream, reader, RefusalReader.read(response.getFailure()));
      } else {
        progress(reader, response);
      }
    }
    notifyAll();
  }

  private void progress(PartitionReader reader, FetchStreamResponse response) {
    failures = 0;
    if (response.getCaughtUp()) {
      reader.reached(response.getHighWatermark());
    }
    if (reader.complete() && reader.on != null) {
      reader.on.remove(reader.fetchId);
      release(reader);
    }
  }

  /** Queues a batch; false when nothing in it is wanted. */
  private boolean take(PartitionReader reader, StoredBatch batch, FetchStream stream) {
    long after = EventDecoder.next(batch);
    if (after <= reader.received || batch.getBaseOffset() >= reader.end) {
      return false;
    }
    PartitionReader.Queued queued = new PartitionReader.Queued(reader, batch, stream);
    queue.addLast(queued);
    reader.lastQueued = queued;
    reader.received = after;
    return true;
  }

  synchronized void onLost(FetchStream stream, Refusal refusal) {
    if (open.get(stream.route()) != stream) {
      return;
    }
    if (refusal.retryable()) {
      streams.topology().avoid(stream.route());
    }
    lost(stream);
    retryOrFail(refusal);
    notifyAll();
  }

  private void lost(FetchStream stream) {
    open.remove(stream.route());
    for (PartitionReader reader : readers.values()) {
      if (reader.on == stream) {
        release(reader);
      }
    }
  }

  private void refused(FetchStream stream, PartitionReader reader, Refusal refusal) {
    if (refusal.retryable()) {
      streams
          .topology()
          .correct(options.topic(), reader.partition, stream.route(), refusal.leader());
    }
    retryOrFail(refusal);
  }

  private void retryOrFail(Refusal refusal) {
    if (!refusal.retryable()) {
      if (failure == null) {
        failure = refusal.toException();
      }
    } else if (!assigning && !closed) {
      assigning = true;
      failures++;
      streams.later(this::assignAgain, Backoff.pauseMs(failures, refusal));
    }
  }

  private synchronized void assignAgain() {
    assign();
  }

  @Override
  public synchronized List<ReceivedEvent> poll(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<ReceivedEvent> events = new ArrayList<>();
    while (events.isEmpty() && !closed && !atEnd()) {
      while (!queue.isEmpty() && events.size() < POLL_EVENTS && !enough()) {
        decode(queue.removeFirst(), events);
      }
      if (!events.isEmpty() || atEnd()) {
        break;
      }
      if (failure != null) {
        throw failure;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return events;
  }

  private boolean enough() {
    return options.maxEvents() > 0 && handedOut >= options.maxEvents();
  }

  private void decode(PartitionReader.Queued queued, List<ReceivedEvent> into) {
    PartitionReader reader = queued.reader;
    StoredBatch stored = queued.batch;
    try {
      EventDecoder.decode(options.topic(), reader, stored, event -> give(reader, event, into));
    } catch (BatchCodec.BadBatch e) {
      queue.clear();
      failure =
          new FlotillaClientException(
              Kind.DATA_LOSS,
              options.topic()
                  + "-"
                  + reader.partition
                  + "@"
                  + stored.getBaseOffset()
                  + ": "
                  + e.getMessage(),
              Details.of("DATA_LOSS"),
              e);
      return;
    }
    if (reader.lastQueued == queued) {
      reader.lastQueued = null;
      if (!enough()) {
        reader.handedOut = Math.max(reader.handedOut, Math.min(reader.received, reader.end));
      }
    }
    if (open.get(queued.from.route()) == queued.from) {
      queued.from.credit(credit(stored));
    }
  }

  private boolean give(PartitionReader reader, ReceivedEvent event, List<ReceivedEvent> into) {
    if (enough() || event.offset() >= reader.end) {
      return false;
    }
    into.add(event);
    handedOut++;
    reader.handedOut = event.offset() + 1;
    return true;
  }

  /** What a batch takes of the credit. */
  private static long credit(StoredBatch batch) {
    return batch.getSerializedSize();
  }

  @Override
  public void forEach(Consumer<ReceivedEvent> consumer) {
    while (!finished() && !Thread.currentThread().isInterrupted()) {
      poll(Duration.ofSeconds(1)).forEach(consumer);
    }
  }

  private synchronized boolean finished() {
    return closed || atEnd();
  }

  @Override
  public synchronized boolean atEnd() {
    return enough()
        || (options.untilEnd()
            && !readers.isEmpty()
            && readers.values().stream().allMatch(PartitionReader::finished));
  }

  @Override
  public synchronized Map<Integer, Long> positions() {
    Map<Integer, Long> positions = new TreeMap<>();
    readers.forEach(
        (partition, reader) -> {
          if (reader.handedOut >= 0) {
            positions.put(partition, reader.handedOut);
          }
        });
    return positions;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      open.values().forEach(FetchStream::cancel);
      open.clear();
      queue.clear();
      parts.remove(this);
      notifyAll();
    }
  }
}
