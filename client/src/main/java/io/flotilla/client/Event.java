package io.flotilla.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one publishes. The byte arrays are not copied: do not change them until the event's future
 * is done.
 *
 * @param key decides the partition; events with equal keys keep their order. Null: any partition
 * @param value the content; null is a tombstone, which is not the same as empty
 * @param headers at most 100
 * @param timestamp when it happened; null: when it is handed to the producer
 */
@SuppressWarnings("ArrayRecordComponent") // equality by content is written out below
public record Event(
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<Header> headers,
    @Nullable Instant timestamp) {

  public Event {
    headers = List.copyOf(headers);
  }

  /** An event without key, its value in UTF-8. */
  public static Event of(String value) {
    return new Event(null, value.getBytes(StandardCharsets.UTF_8), List.of(), null);
  }

  /** An event with a key, both in UTF-8. */
  public static Event of(String key, String value) {
    return of(key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
  }

  /** A key without a value: on a compacted topic it removes what the key had. */
  public static Event tombstone(String key) {
    return of(key.getBytes(StandardCharsets.UTF_8), null);
  }

  /** An event of bytes; either may be null. */
  public static Event of(byte @Nullable [] key, byte @Nullable [] value) {
    return new Event(key, value, List.of(), null);
  }

  /** The same event with one more header. */
  public Event withHeader(String headerKey, byte[] headerValue) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(headerKey, headerValue));
    return new Event(key, value, more, timestamp);
  }

  /** The same event with one more header, its value in UTF-8. */
  public Event withHeader(String headerKey, String headerValue) {
    return withHeader(headerKey, headerValue.getBytes(StandardCharsets.UTF_8));
  }

  /** The same event at this time. */
  public Event withTimestamp(Instant time) {
    return new Event(key, value, headers, time);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Event that
        && Arrays.equals(key, that.key)
        && Arrays.equals(value, that.value)
        && headers.equals(that.headers)
        && Objects.equals(timestamp, that.timestamp);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "Event[key="
        + (key == null ? "null" : key.length + " bytes")
        + ", value="
        + (value == null ? "null" : value.length + " bytes")
        + ", headers="
        + headers.size()
        + "]";
  }
}
