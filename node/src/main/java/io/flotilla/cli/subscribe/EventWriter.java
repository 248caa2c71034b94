package io.flotilla.cli.subscribe;

import io.flotilla.cli.output.Printer;
import io.flotilla.client.ReceivedEvent;

/** Writes events one by one in one of the forms. Confined to the command's thread. */
interface EventWriter {

  /** Before the first event. */
  default void begin() {}

  void write(ReceivedEvent event);

  /** After the last event. */
  default void end() {}

  /**
   * The writer for the format that was asked for.
   *
   * @param topics events of several topics may come: tables tell which
   */
  static EventWriter of(Printer printer, boolean utc, boolean topics) {
    return switch (printer.format().kind()) {
      case JSON -> new ArrayWriter(printer.terminal());
      case NDJSON -> event -> printer.terminal().line(EventJson.line(event));
      case TABLE -> new EventTable(printer.terminal(), utc, false, topics);
      case WIDE -> new EventTable(printer.terminal(), utc, true, topics);
      case TEMPLATE -> new TemplateWriter(printer.format().template(), printer.terminal());
      case VALUE, SCHEMA -> new ValueWriter(printer.terminal());
    };
  }
}
