package io.flotilla.cli.output;

import java.util.List;
import java.util.function.Function;

/**
 * Writes one answer in the form that {@code -o} asked for. Confined to the command's thread; it
 * never decides what is in an answer, only how it looks.
 */
public final class Printer {

  private final Terminal terminal;
  private final Format format;

  public Printer(Terminal terminal, Format format) {
    this.terminal = terminal;
    this.format = format;
  }

  /** One record; for people, the text made of it. */
  public <R extends Record> void one(R answer, Function<R, List<String>> text) {
    switch (format.kind()) {
      case JSON -> terminal.line(Json.pretty(answer));
      case NDJSON -> terminal.line(Json.line(answer));
      default -> text.apply(answer).forEach(terminal::line);
    }
    terminal.flush();
  }

  /** Many records; for people, a table of them, or a note when there are none. */
  public <R extends Record> void list(List<R> answers, Table<R> table, String whenEmpty) {
    switch (format.kind()) {
      case JSON -> terminal.line(Json.pretty(answers));
      case NDJSON -> answers.forEach(answer -> terminal.line(Json.line(answer)));
      default -> {
        if (answers.isEmpty()) {
          terminal.note(whenEmpty);
        } else {
          table.render(answers, wide()).forEach(terminal::line);
        }
      }
    }
    terminal.flush();
  }

  /** The schema of the answers of a command. */
  public void schema(Shape shape) {
    terminal.line(Json.pretty(Schema.of(shape)));
    terminal.flush();
  }

  /** The columns that do not fit are wanted, too. */
  public boolean wide() {
    return format.kind() == Format.Kind.WIDE;
  }

  public Format format() {
    return format;
  }

  public Terminal terminal() {
    return terminal;
  }
}
