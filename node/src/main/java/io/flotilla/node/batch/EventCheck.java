package io.flotilla.node.batch;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Header;

/** What a plain event must keep to. Stateless. */
final class EventCheck {

  private EventCheck() {}

  static void check(Event event, BatchLimits limits) {
    if (event.getKey().size() > limits.keyBytesMax()) {
      throw BatchCodec.tooLarge(
          "key of " + event.getKey().size() + " bytes is over " + limits.keyBytesMax());
    }
    if (event.getHeadersCount() > limits.headersMax()) {
      throw FlotillaException.invalid(
          event.getHeadersCount() + " headers are over " + limits.headersMax());
    }
    int headerBytes = 0;
    for (Header header : event.getHeadersList()) {
      int chars = header.getKey().codePointCount(0, header.getKey().length());
      if (chars < 1 || chars > BatchLimits.HEADER_NAME_CHARS_MAX) {
        throw FlotillaException.invalid(
            "a header's key has "
                + chars
                + " characters, not 1 to "
                + BatchLimits.HEADER_NAME_CHARS_MAX);
      }
      headerBytes += header.getKeyBytes().size() + header.getValue().size();
      if (headerBytes > limits.headerBytesMax()) {
        throw BatchCodec.tooLarge(
            "headers together are over " + limits.headerBytesMax() + " bytes");
      }
    }
    if (event.hasTimestampUnixMs()) {
      timestamp("timestamp_unix_ms", event.getTimestampUnixMs());
    }
  }

  static void timestamp(String field, long timestampMs) {
    if (timestampMs < 0 || timestampMs > BatchLimits.TIMESTAMP_MS_MAX) {
      throw FlotillaException.invalid(
          field + " " + timestampMs + " is not between 0 and " + BatchLimits.TIMESTAMP_MS_MAX);
    }
  }
}
