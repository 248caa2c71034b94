package io.flotilla.console.events;

import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which events are wanted: by key, exactly, and by a text in key, value or headers. Immutable. */
final class EventFilter {

  private final byte @Nullable [] key;
  private final byte[] where;

  EventFilter(String key, String where) {
    this.key = key.isEmpty() ? null : key.getBytes(StandardCharsets.UTF_8);
    this.where = where.getBytes(StandardCharsets.UTF_8);
  }

  /** The key that is wanted; null = any. */
  byte @Nullable [] key() {
    return key;
  }

  boolean everything() {
    return key == null && where.length == 0;
  }

  boolean wants(ReceivedEvent event) {
    if (key != null && !Arrays.equals(key, event.key())) {
      return false;
    }
    return where.length == 0
        || contains(event.value())
        || contains(event.key())
        || event.headers().stream().anyMatch(this::contains);
  }

  private boolean contains(Header header) {
    return contains(header.key().getBytes(StandardCharsets.UTF_8)) || contains(header.value());
  }

  private boolean contains(byte @Nullable [] bytes) {
    if (bytes == null) {
      return false;
    }
    int last = bytes.length - where.length;
    for (int at = 0; at <= last; at++) {
      if (bytes[at] == where[0]
          && Arrays.equals(bytes, at, at + where.length, where, 0, where.length)) {
        return true;
      }
    }
    return false;
  }
}
