package io.flotilla.client.internal;

import com.google.protobuf.CodedOutputStream;
import io.flotilla.client.Event;
import io.flotilla.client.Header;
import io.flotilla.client.StartPosition;
import io.flotilla.proto.types.v1.EventList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event straight into a batch's bytes, as an item of a serialised EventList, without
 * building messages on the way. Also the one check of an event's own limits, because nodes do not
 * open batches. Pure.
 */
final class EventEncoder {

  static final int KEY_BYTES_MAX = 64 << 10;
  static final int HEADERS_MAX = 100;
  static final int HEADER_BYTES_MAX = 64 << 10;
  static final int HEADER_KEY_MAX = 200;

  private EventEncoder() {}

  /** What is wrong with the event, in words; null when nothing is. */
  static @Nullable String fault(Event event) {
    byte[] key = event.key();
    if (key != null && key.length > KEY_BYTES_MAX) {
      return "the key has " + key.length + " bytes, at most " + KEY_BYTES_MAX + " are allowed";
    }
    if (event.headers().size() > HEADERS_MAX) {
      return "the event has " + event.headers().size() + " headers, at most " + HEADERS_MAX;
    }
    long bytes = 0;
    for (Header header : event.headers()) {
      if (header.key().isEmpty() || header.key().length() > HEADER_KEY_MAX) {
        return "a header's key has 1 to " + HEADER_KEY_MAX + " characters: " + header.key();
      }
      bytes += header.key().length() + (long) header.value().length;
    }
    if (bytes > HEADER_BYTES_MAX) {
      return "the headers have " + bytes + " bytes, at most " + HEADER_BYTES_MAX;
    }
    Instant time = event.timestamp();
    if (time != null && (time.isBefore(Instant.EPOCH) || time.isAfter(StartPosition.LAST_TIME))) {
      return "the timestamp is between 1970 and 9999, found " + time;
    }
    return null;
  }

  /** Bytes of the event itself. */
  static int bodySize(Event event, long timestamp) {
    int size = CodedOutputStream.computeInt64Size(EVENT_TIMESTAMP, timestamp);
    if (event.key() != null) {
      size += CodedOutputStream.computeByteArraySize(EVENT_KEY, event.key());
    }
    if (event.value() != null) {
      size += CodedOutputStream.computeByteArraySize(EVENT_VALUE, event.value());
    }
    for (Header header : event.headers()) {
      int body = headerSize(header);
      size +=
          CodedOutputStream.computeTagSize(EVENT_HEADERS)
              + CodedOutputStream.computeUInt32SizeNoTag(body)
              + body;
    }
    return size;
  }

  /** Bytes of the event as an item of the list. */
  static int itemSize(int bodySize) {
    return CodedOutputStream.computeTagSize(EventList.EVENTS_FIELD_NUMBER)
        + CodedOutputStream.computeUInt32SizeNoTag(bodySize)
        + bodySize;
  }

  static void write(Event event, long timestamp, int bodySize, byte[] to, int at) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(to, at, itemSize(bodySize));
      out.writeTag(EventList.EVENTS_FIELD_NUMBER, LENGTH_DELIMITED);
      out.writeUInt32NoTag(bodySize);
      if (event.key() != null) {
        out.writeByteArray(EVENT_KEY, event.key());
      }
      if (event.value() != null) {
        out.writeByteArray(EVENT_VALUE, event.value());
      }
      for (Header header : event.headers()) {
        out.writeTag(EVENT_HEADERS, LENGTH_DELIMITED);
        out.writeUInt32NoTag(headerSize(header));
        out.writeByteArray(HEADER_KEY, header.key().getBytes(StandardCharsets.UTF_8));
        out.writeByteArray(HEADER_VALUE, header.value());
      }
      out.writeInt64(EVENT_TIMESTAMP, timestamp);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException("an event did not fit its own size " + bodySize, e);
    }
  }

  private static int headerSize(Header header) {
    return CodedOutputStream.computeByteArraySize(
            HEADER_KEY, header.key().getBytes(StandardCharsets.UTF_8))
        + CodedOutputStream.computeByteArraySize(HEADER_VALUE, header.value());
  }

  private static final int LENGTH_DELIMITED = 2;
  private static final int EVENT_KEY = io.flotilla.proto.types.v1.Event.KEY_FIELD_NUMBER;
  private static final int EVENT_VALUE = io.flotilla.proto.types.v1.Event.VALUE_FIELD_NUMBER;
  private static final int EVENT_HEADERS = io.flotilla.proto.types.v1.Event.HEADERS_FIELD_NUMBER;
  private static final int EVENT_TIMESTAMP =
      io.flotilla.proto.types.v1.Event.TIMESTAMP_UNIX_MS_FIELD_NUMBER;
  private static final int HEADER_KEY = io.flotilla.proto.types.v1.Header.KEY_FIELD_NUMBER;
  private static final int HEADER_VALUE = io.flotilla.proto.types.v1.Header.VALUE_FIELD_NUMBER;
}
