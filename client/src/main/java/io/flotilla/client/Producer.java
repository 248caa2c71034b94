package io.flotilla.client;

import java.util.concurrent.CompletableFuture;

/**
 * Publishes events, in batches, each exactly once per topic partition, in the order in which one
 * thread calls {@code publish} for equal keys. Safe for many threads; one producer serves a
 * process.
 *
 * <p>A future ends with the event's position once a majority has it on disk, or with a {@link
 * FlotillaClientException}: REFUSED and RETRY mean that nothing was written, UNKNOWN that it may
 * have been. Futures are completed by a thread of the client: continue elsewhere when it takes
 * long.
 */
public interface Producer extends AutoCloseable {

  /**
   * Publishes to the partition that the event's key decides (as Kafka's default does), or, without
   * key, to the partition that is being filled at the moment. Blocks up to {@code maxBlock} while
   * the buffer is full or the topic is not known yet. A topic that is not there is created where
   * nodes were started with {@code topics.auto-create}, as {@code flotilla up --dev} does.
   */
  CompletableFuture<Position> publish(String topic, Event event);

  /** Publishes to a given partition. */
  CompletableFuture<Position> publish(String topic, int partition, Event event);

  /** Sends what waits without lingering, and returns when every event so far is answered. */
  void flush();

  /** Counters, as of now. */
  ProducerStats stats();

  /** Flushes, then ends. Later calls of {@code publish} fail. */
  @Override
  void close();
}
