package io.flotilla.console.events;

import io.flotilla.client.ReceivedEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event in a list; the value is cut to a line.
 *
 * @param p its partition
 * @param o its offset, as text: it may be beyond what a browser counts exactly
 * @param t its timestamp, in milliseconds since 1970
 * @param a when it was appended, likewise
 * @param k its key; null = none
 * @param h how many headers it has
 * @param s bytes of its value; -1 = a tombstone
 * @param v the beginning of its value; null = a tombstone
 */
record EventRow(
    int p, String o, long t, long a, @Nullable String k, int h, int s, @Nullable String v) {

  static EventRow of(ReceivedEvent event) {
    byte[] key = event.key();
    byte[] value = event.value();
    return new EventRow(
        event.partition(),
        String.valueOf(event.offset()),
        event.timestamp().toEpochMilli(),
        event.appendTime().toEpochMilli(),
        key == null ? null : EventText.line(key),
        event.headers().size(),
        value == null ? -1 : value.length,
        value == null ? null : EventText.line(value));
  }
}
