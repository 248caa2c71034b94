package io.flotilla.cli.subscribe;

import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.ReceivedEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A table that is written while it grows: its columns have fixed widths, for the next event is not
 * known. Only the last column is cut to fit, and not when wide.
 */
final class EventTable implements EventWriter {

  private static final int TOPIC_COLUMNS = 12;
  private static final int KEY_COLUMNS = 20;
  private static final int VALUE_COLUMNS = 34;

  private final Terminal terminal;
  private final boolean utc;
  private final boolean wide;
  private final boolean topics;

  EventTable(Terminal terminal, boolean utc, boolean wide, boolean topics) {
    this.terminal = terminal;
    this.utc = utc;
    this.wide = wide;
    this.topics = topics;
  }

  @Override
  public void begin() {
    terminal.line(topic("TOPIC") + row("PART", "OFFSET", "TIMESTAMP", "KEY", "VALUE"));
  }

  @Override
  public void write(ReceivedEvent event) {
    terminal.line(
        topic(event.topic())
            + row(
                String.valueOf(event.partition()),
                String.valueOf(event.offset()),
                Text.time(event.timestamp(), utc),
                shown(event.key()),
                shown(event.value())));
  }

  private String row(String partition, String offset, String time, String key, String value) {
    String keyShown = wide ? key : Text.clip(key, KEY_COLUMNS);
    String padding = " ".repeat(Math.max(0, KEY_COLUMNS - width(keyShown)));
    return String.format("%4s  %9s  %-25s  ", partition, offset, time)
        + keyShown
        + padding
        + "  "
        + (wide ? value : Text.clip(value, valueColumns()));
  }

  private String topic(String name) {
    if (!topics) {
      return "";
    }
    String shown = wide ? name : Text.clip(name, TOPIC_COLUMNS);
    return shown + " ".repeat(Math.max(0, TOPIC_COLUMNS - width(shown))) + "  ";
  }

  private int valueColumns() {
    return topics ? VALUE_COLUMNS - TOPIC_COLUMNS - 2 : VALUE_COLUMNS;
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String shown(byte @Nullable [] bytes) {
    if (bytes == null) {
      return Text.NONE;
    }
    return Text.printable(new String(bytes, StandardCharsets.UTF_8));
  }
}
