package io.flotilla.console.events;

import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All of an event; bytes become base64. */
@SuppressWarnings("ArrayRecordComponent") // written as JSON, never compared
record EventDetail(
    String topic,
    int partition,
    String offset,
    long timestampMs,
    long appendMs,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<HeaderRow> headers,
    @Nullable Source producer) {

  /** The producer that sent it; its id as text, for browsers' numbers are too short. */
  record Source(String id, int epoch) {
    static @Nullable Source of(ReceivedEvent.@Nullable Origin origin) {
      return origin == null
          ? null
          : new Source(String.valueOf(origin.producerId()), origin.epoch());
    }
  }

  /** A header. */
  @SuppressWarnings("ArrayRecordComponent") // written as JSON, never compared
  record HeaderRow(String key, byte[] value) {
    static HeaderRow of(Header header) {
      return new HeaderRow(header.key(), header.value());
    }
  }

  static EventDetail of(ReceivedEvent event) {
    return new EventDetail(
        event.topic(),
        event.partition(),
        String.valueOf(event.offset()),
        event.timestamp().toEpochMilli(),
        event.appendTime().toEpochMilli(),
        event.key(),
        event.value(),
        event.headers().stream().map(HeaderRow::of).toList(),
        Source.of(event.origin()));
  }
}
