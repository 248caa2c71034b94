package io.flotilla.cli.subscribe;

import io.flotilla.cli.output.Terminal;
import io.flotilla.client.ReceivedEvent;

/** The bytes of the value and a line feed; a tombstone is an empty line. */
final class ValueWriter implements EventWriter {

  private final Terminal terminal;

  ValueWriter(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void write(ReceivedEvent event) {
    byte[] value = event.value();
    if (value != null) {
      terminal.write(value);
    }
    terminal.write(Lines.LINE_FEED);
  }
}
