package io.flotilla.cli.subscribe;

import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.ReceivedEvent;

/** Writes events one by one in one of the forms. Confined to the command's thread. */
public interface EventWriter {

  /** Before the first event. */
  default void begin() {}

  void write(ReceivedEvent event);

  /** After the last event. */
  default void end() {}

  /** The JSON of a list of events. */
  static Shape shape() {
    return Shape.listOf(EventJson.Shape.class);
  }

  /** For a single event: as JSON it is an object. */
  static EventWriter one(Printer printer) {
    return printer.format().kind() == Format.Kind.JSON
        ? event -> printer.terminal().line(EventJson.line(event))
        : of(printer, false, false);
  }

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
