package io.flotilla.client.internal;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Details;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerOptions;
import io.flotilla.client.ProducerStats;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * {@link Producer}: checks an event, waits for room, chooses the partition and hands it to the
 * {@link PartitionQueue}, which does the rest. Runs in the callers' threads. Safe for many threads.
 */
final class BatchingProducer implements Producer {

  /** What an event costs in memory beside its bytes, roughly: its future and its place in lists. */
  private static final int EVENT_OVERHEAD = 64;

  private final ProducerOptions options;
  private final Sender sender;
  private final AdminCalls admin;
  private final Set<AutoCloseable> parts;
  private final Map<String, Integer> sticky = new ConcurrentHashMap<>();
  private volatile boolean closed;

  BatchingProducer(
      ProducerOptions options, Sender sender, AdminCalls admin, Set<AutoCloseable> parts) {
    this.options = options;
    this.sender = sender;
    this.admin = admin;
    this.parts = parts;
    parts.add(this);
  }

  /** Bytes that an event takes from the budget. */
  static long cost(int bodySize) {
    return (long) EventEncoder.itemSize(bodySize) + EVENT_OVERHEAD;
  }

  @Override
  public CompletableFuture<Position> publish(String topic, Event event) {
    return publish(topic, null, event);
  }

  @Override
  public CompletableFuture<Position> publish(String topic, int partition, Event event) {
    return publish(topic, Integer.valueOf(partition), event);
  }

  private CompletableFuture<Position> publish(String topic, @Nullable Integer given, Event event) {
    String fault = EventEncoder.fault(event);
    if (fault != null) {
      return refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, fault);
    }
    Instant time = event.timestamp();
    long timestamp = time == null ? System.currentTimeMillis() : time.toEpochMilli();
    int bodySize = EventEncoder.bodySize(event, timestamp);
    long cost = cost(bodySize);
    if (cost > sender.budget().all() || cost > ProducerOptions.BATCH_BYTES_MAX) {
      return refused(
          ErrorReason.ERROR_REASON_EVENT_TOO_LARGE,
          "the event has " + bodySize + " bytes, more than a buffer or batch may hold");
    }
    try {
      int partitions = partitions(topic);
      if (given != null && (given < 0 || given >= partitions)) {
        return refused(
            ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND,
            "topic " + topic + " has partitions 0 to " + (partitions - 1) + ", not " + given);
      }
      return enqueue(topic, given, partitions, event, timestamp, bodySize);
    } catch (FlotillaClientException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Position> enqueue(
      String topic,
      @Nullable Integer given,
      int partitions,
      Event event,
      long timestamp,
      int bodySize) {
    if (!sender.budget().take(cost(bodySize), options.maxBlock().toNanos())) {
      return CompletableFuture.failedFuture(
          new FlotillaClientException(
              Kind.RETRY,
              "the producer's buffer of "
                  + options.bufferBytes()
                  + " bytes stayed full for "
                  + options.maxBlock().toMillis()
                  + " ms: events come faster than the cluster takes them",
              Details.of("RESOURCE_EXHAUSTED"),
              null));
    }
    Refusal ended = sender.ended();
    if (closed || ended != null) {
      sender.budget().give(cost(bodySize));
      return ended == null
          ? refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, "the producer is closed")
          : CompletableFuture.failedFuture(ended.toException());
    }
    byte[] key = event.key();
    boolean sticks = given == null && key == null;
    int partition =
        given != null
            ? given
            : key != null ? Murmur2.partition(key, partitions) : stuck(topic, partitions);
    CompletableFuture<Position> future = new CompletableFuture<>();
    boolean batchGone = sender.queue(topic, partition).append(event, timestamp, bodySize, future);
    if (sticks && batchGone) {
      sticky.put(topic, next(partition, partitions));
    }
    return future;
  }

  private int stuck(String topic, int partitions) {
    Integer now = sticky.get(topic);
    if (now == null || now >= partitions) {
      now = ThreadLocalRandom.current().nextInt(partitions);
      sticky.put(topic, now);
    }
    return now;
  }

  /** Any other partition. */
  private static int next(int partition, int partitions) {
    return partitions == 1
        ? 0
        : (partition + 1 + ThreadLocalRandom.current().nextInt(partitions - 1)) % partitions;
  }

  private int partitions(String topic) {
    Topology.Known known = sender.topology().topic(topic);
    if (known != null) {
      return known.partitions();
    }
    try {
      return admin.describe(topic, options.maxBlock()).getPartitionCount();
    } catch (FlotillaClientException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND
          && admin.describeCluster(false).topicAutoCreate()) {
        return created(topic);
      }
      throw e;
    }
  }

  /** Where that is switched on, for development alone; another client may be the first. */
  private int created(String topic) {
    try {
      return admin.createTopic(NewTopic.of(topic, 0)).partitionCount();
    } catch (FlotillaClientException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_TOPIC_EXISTS) {
        return admin.describe(topic, options.maxBlock()).getPartitionCount();
      }
      throw e;
    }
  }

  private static CompletableFuture<Position> refused(ErrorReason reason, String message) {
    var details = new Details(reason, "INVALID_ARGUMENT", Map.of(), null, List.of());
    return CompletableFuture.failedFuture(
        new FlotillaClientException(Kind.REFUSED, message, details, null));
  }

  @Override
  public void flush() {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    sender.queues().forEach(queue -> done.addAll(queue.flush()));
    CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).join();
  }

  @Override
  public ProducerStats stats() {
    return sender.counters().read(sender.budget().used());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      flush();
      sender.close();
      parts.remove(this);
    }
  }
}
