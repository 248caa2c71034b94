package io.flotilla.cli.search;

import io.flotilla.cli.output.Text;
import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event with everything that it has, for people. Stateless. */
final class EventPage {

  private EventPage() {}

  static List<String> lines(ReceivedEvent event, boolean utc) {
    List<String> lines = new ArrayList<>();
    lines.add("topic      " + event.topic());
    lines.add("place      " + event.partition() + "@" + event.offset());
    lines.add("timestamp  " + Text.time(event.timestamp(), utc));
    lines.add("appended   " + Text.time(event.appendTime(), utc));
    lines.add("key        " + shown(event.keyText()));
    for (Header header : event.headers()) {
      lines.add("header     " + Text.printable(header.key() + ": " + header.valueText()));
    }
    byte[] value = event.value();
    lines.add("size       " + (value == null ? "a tombstone" : Text.bytes(value.length)));
    lines.add("value      " + shown(event.valueText()));
    return lines;
  }

  private static String shown(@Nullable String text) {
    return text == null ? Text.NONE : Text.printable(text);
  }
}
