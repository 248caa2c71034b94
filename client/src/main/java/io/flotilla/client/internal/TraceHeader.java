package io.flotilla.client.internal;

import io.flotilla.client.Event;
import io.flotilla.client.Header;
import java.util.List;

/** The W3C {@code traceparent} among an event's headers. Pure. */
final class TraceHeader {

  private static final String NAME = "traceparent";

  /** Of the form that all versions begin with: version, trace, span, flags. */
  private static final int CHARS = 55;

  private static final int CHARS_MAX = 128;

  private TraceHeader() {}

  /** That of the event if it says that the trace is recorded; empty otherwise. */
  static String sampled(Event event) {
    List<Header> headers = event.headers();
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      int length = header.value().length;
      if (header.key().equals(NAME) && length >= CHARS && length <= CHARS_MAX) {
        // The last digit of the flags; nodes check the rest.
        return (Character.digit(header.value()[CHARS - 1], 16) & 1) == 1 ? header.valueText() : "";
      }
    }
    return "";
  }
}
