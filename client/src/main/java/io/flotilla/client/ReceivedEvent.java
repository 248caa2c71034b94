package io.flotilla.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was read.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset in the partition
 * @param timestamp when it happened, by the producer's clock
 * @param appendTime when the leader appended it, by the leader's clock
 * @param key null: it has none
 * @param value null: a tombstone
 * @param headers in the order of the producer
 * @param origin which producer sent it; null: one without identity
 */
@SuppressWarnings("ArrayRecordComponent") // equality by content is written out below
public record ReceivedEvent(
    String topic,
    int partition,
    long offset,
    Instant timestamp,
    Instant appendTime,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<Header> headers,
    @Nullable Origin origin) {

  /**
   * The producer that sent an event, as the cluster knows it.
   *
   * @param producerId its id, from 1 on
   * @param epoch rises each time that a producer of the same name begins anew
   */
  public record Origin(long producerId, int epoch) {}

  /** An event of a producer without identity. */
  public ReceivedEvent(
      String topic,
      int partition,
      long offset,
      Instant timestamp,
      Instant appendTime,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<Header> headers) {
    this(topic, partition, offset, timestamp, appendTime, key, value, headers, null);
  }

  public ReceivedEvent {
    headers = List.copyOf(headers);
  }

  /** The key as UTF-8 text; null when there is none. */
  public @Nullable String keyText() {
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }

  /** The value as UTF-8 text; null for a tombstone. */
  public @Nullable String valueText() {
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReceivedEvent that
        && topic.equals(that.topic)
        && partition == that.partition
        && offset == that.offset
        && timestamp.equals(that.timestamp)
        && appendTime.equals(that.appendTime)
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && headers.equals(that.headers)
        && Objects.equals(origin, that.origin);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * topic.hashCode() + partition) + Long.hashCode(offset);
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
