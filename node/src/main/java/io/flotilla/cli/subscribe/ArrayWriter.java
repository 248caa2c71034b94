package io.flotilla.cli.subscribe;

import io.flotilla.cli.output.Terminal;
import io.flotilla.client.ReceivedEvent;

/** One JSON array, an event a line; complete when the command ends by itself. */
final class ArrayWriter implements EventWriter {

  private final Terminal terminal;
  private String separator = "";

  ArrayWriter(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void begin() {
    terminal.line("[");
  }

  @Override
  public void write(ReceivedEvent event) {
    terminal.write(Lines.utf8(separator + EventJson.line(event)));
    separator = ",\n";
  }

  @Override
  public void end() {
    terminal.line(separator.isEmpty() ? "]" : "\n]");
  }
}
