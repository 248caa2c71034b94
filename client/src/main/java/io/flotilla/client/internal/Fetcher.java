package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Details;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads partitions over FetchStream: one stream to each node that serves some of them, moved and
 * begun again at the readers' own positions whenever one is lost. Batches wait undecoded in a queue
 * bounded by the credit given; they are checked and decoded by the thread that takes them. Its
 * monitor guards everything here and in the readers: owners hold it when they call, keep their own
 * state under it, and wait on it, for it is notified when there is news. gRPC's threads hold it
 * only to put batches into the queue.
 */
final class Fetcher {

  /** A stream is given at least this, so that batches of the default size come whole. */
  private static final long CREDIT_LEAST = 1 << 20;

  /** What is decided by whoever reads. Called under the monitor. */
  interface Owner {
    /** No retry heals this: true to try all the same, as after moving the reader. */
    boolean refused(PartitionReader reader, Refusal refusal);

    /** No retry heals this, and it concerns all readers: nothing is read any more. */
    void failed(Refusal refusal);
  }

  private final FetchStreams streams;
  private final long bufferBytes;
  private final Owner owner;

  private final Set<PartitionReader> readers = new LinkedHashSet<>();
  private final Map<Integer, PartitionReader> byFetchId = new HashMap<>();
  private final Map<Route, FetchStream> open = new LinkedHashMap<>();
  private final ArrayDeque<PartitionReader.Queued> queue = new ArrayDeque<>();
  private long orphanBytes; // bytes of the queue whose stream is gone
  private int lastFetchId;
  private int failures;
  private boolean assigning;
  private boolean stopped;
  private final Runnable deaf;

  Fetcher(FetchStreams streams, long bufferBytes, Owner owner) {
    this.streams = streams;
    this.bufferBytes = bufferBytes;
    this.owner = owner;
    this.deaf = streams.topology().onNews(this::follow);
  }

  /** The node that one is read from may hang, or be cut off: then another one leads. */
  private synchronized void follow() {
    boolean moved = false;
    for (PartitionReader reader : readers) {
      FetchStream on = reader.on;
      if (on != null
          && streams.topology().ledElsewhere(reader.topic, reader.partition, on.route())) {
        on.remove(reader.fetchId);
        release(reader);
        moved = true;
      }
    }
    if (moved) {
      assign();
    }
  }

  // synchronized, here and below: guards all fields that are not final, and the collections
  synchronized void add(List<PartitionReader> some) {
    readers.addAll(some);
    assign();
  }

  /** Reads no more of the partition, and drops what is queued of it. */
  synchronized void remove(PartitionReader reader) {
    readers.remove(reader);
    park(reader);
  }

  /** Stops reading until {@link #assign}; what is queued is dropped, to be read again. */
  synchronized void park(PartitionReader reader) {
    if (reader.on != null) {
      reader.on.remove(reader.fetchId);
      release(reader);
    }
    for (Iterator<PartitionReader.Queued> all = queue.iterator(); all.hasNext(); ) {
      PartitionReader.Queued queued = all.next();
      if (queued.reader == reader) {
        all.remove();
        giveBack(queued);
      }
    }
    reader.drop();
  }

  synchronized void stop() {
    stopped = true;
    deaf.run();
    open.values().forEach(FetchStream::cancel);
    open.clear();
    readers.forEach(reader -> reader.on = null);
    byFetchId.clear();
    queue.clear();
  }

  /** Puts every partition that is read nowhere onto a stream. */
  synchronized void assign() {
    assigning = false;
    if (stopped) {
      return;
    }
    Map<Route, List<PartitionReader>> wanted = new LinkedHashMap<>();
    for (PartitionReader reader : readers) {
      if (reader.on == null && reader.wanted()) {
        Route route = streams.topology().route(reader.topic, reader.partition);
        wanted.computeIfAbsent(route, r -> new ArrayList<>()).add(reader);
      }
    }
    wanted.forEach(this::assign);
  }

  private void assign(Route route, List<PartitionReader> some) {
    FetchStream stream = open.get(route);
    long credit = 0;
    if (stream == null) {
      long share = Math.max(Math.min(CREDIT_LEAST, bufferBytes), bufferBytes / (open.size() + 1));
      stream = streams.open(route, this, share);
      open.put(route, stream);
      stream.withheld = Math.min(share, orphanBytes);
      credit = share - stream.withheld;
    }
    List<FetchPartition> add = new ArrayList<>();
    for (PartitionReader reader : some) {
      add.add(request(reader, stream));
    }
    stream.add(add, credit);
  }

  private FetchPartition request(PartitionReader reader, FetchStream stream) {
    reader.on = stream;
    reader.fetchId = ++lastFetchId;
    byFetchId.put(reader.fetchId, reader);
    return FetchPartition.newBuilder()
        .setFetchId(reader.fetchId)
        .setTopic(reader.topic)
        .setTopicId(reader.topicId)
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
    if (reader != null && response.hasFailure()) {
      release(reader);
      refused(stream, reader, RefusalReader.read(response.getFailure()));
    } else if (reader != null) {
      progress(reader, response);
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
    if (refusal.retryable()) {
      assignLater(refusal);
    } else {
      stopped = true;
      deaf.run();
      owner.failed(refusal);
    }
    notifyAll();
  }

  private void lost(FetchStream stream) {
    open.remove(stream.route());
    for (PartitionReader reader : readers) {
      if (reader.on == stream) {
        release(reader);
      }
    }
    for (PartitionReader.Queued queued : queue) {
      if (queued.from == stream) {
        orphanBytes += credit(queued.batch);
      }
    }
  }

  private void refused(FetchStream stream, PartitionReader reader, Refusal refusal) {
    if (refusal.retryable()) {
      streams.topology().correct(reader.topic, reader.partition, stream.route(), refusal.leader());
      assignLater(refusal);
    } else if (owner.refused(reader, refusal)) {
      assignLater(refusal);
    } else {
      reader.failure = refusal.toException();
    }
  }

  private void assignLater(Refusal refusal) {
    if (!assigning && !stopped) {
      assigning = true;
      failures++;
      streams.later(this::assign, Backoff.pauseMs(failures, refusal));
    }
  }

  /** Something is queued. */
  synchronized boolean ready() {
    return !queue.isEmpty();
  }

  /**
   * Decodes the next batch, if there is one, and hands its events to the taker until that says
   * false. A damaged batch becomes the reader's failure, and nothing behind it is handed out.
   */
  synchronized void next(Predicate<ReceivedEvent> taker) {
    PartitionReader.Queued queued = queue.pollFirst();
    if (queued == null) {
      return;
    }
    PartitionReader reader = queued.reader;
    StoredBatch stored = queued.batch;
    try {
      boolean all = EventDecoder.decode(reader, stored, event -> give(reader, event, taker));
      if (reader.lastQueued == queued) {
        reader.lastQueued = null;
        if (all) {
          reader.handedOut = Math.max(reader.handedOut, Math.min(reader.received, reader.end));
        }
      }
      giveBack(queued);
    } catch (BatchCodec.BadBatch e) {
      giveBack(queued);
      park(reader);
      reader.failure = damaged(reader, stored, e);
    }
  }

  private static boolean give(
      PartitionReader reader, ReceivedEvent event, Predicate<ReceivedEvent> taker) {
    if (event.offset() >= reader.end) {
      return true;
    }
    if (!taker.test(event)) {
      return false;
    }
    reader.handedOut = event.offset() + 1;
    return true;
  }

  private static FlotillaClientException damaged(
      PartitionReader reader, StoredBatch stored, BatchCodec.BadBatch e) {
    String where = reader.topic + "-" + reader.partition + "@" + stored.getBaseOffset();
    return new FlotillaClientException(
        Kind.DATA_LOSS, where + ": " + e.getMessage(), Details.of("DATA_LOSS"), e);
  }

  /** A batch is out of the queue: its bytes may be sent again, by another if its stream is gone. */
  private void giveBack(PartitionReader.Queued queued) {
    long bytes = credit(queued.batch);
    if (open.get(queued.from.route()) == queued.from) {
      queued.from.credit(bytes);
      return;
    }
    orphanBytes -= bytes;
    for (FetchStream stream : open.values()) {
      long due = Math.min(bytes, stream.withheld);
      if (due > 0) {
        stream.withheld -= due;
        bytes -= due;
        stream.credit(due);
      }
    }
  }

  /** What a batch takes of the credit. */
  private static long credit(StoredBatch batch) {
    return batch.getSerializedSize();
  }
}
