package io.flotilla.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the events of a topic, in order within each partition, none skipped and none twice, across
 * lost connections and changes of leaders. For one reading thread; {@code close} may come from any.
 *
 * <p>What no retry can heal surfaces from {@code poll} as a {@link FlotillaClientException}, after
 * the events before it have been handed out: OFFSET_OUT_OF_RANGE, TOPIC_NOT_FOUND,
 * WRONG_TOPIC_INCARNATION, and kind DATA_LOSS for a batch that does not match its checksum.
 */
public interface Subscriber extends AutoCloseable {

  /**
   * The next events, at least one unless the timeout passes, the end is reached or the subscriber
   * is closed.
   */
  List<ReceivedEvent> poll(Duration timeout);

  /** Hands every event to the consumer until the end is reached or the subscriber is closed. */
  void forEach(Consumer<ReceivedEvent> consumer);

  /** With {@code untilEnd} or {@code maxEvents}: everything asked for has been handed out. */
  boolean atEnd();

  /**
   * For each partition the next offset to read: after the last event handed out. Give it to {@link
   * SubscribeOptions.Builder#resume} to go on later. A partition is missing until its begin is
   * known.
   */
  Map<Integer, Long> positions();

  @Override
  void close();
}
