package io.flotilla.cli.output;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * Writes one answer in the form that {@code -o} asked for. Confined to the command's thread; it
 * never decides what is in an answer, only how it looks.
 */
public final class Printer {

  /** Moves to the first line and empties what follows. */
  private static final byte[] FROM_THE_TOP = "\u001b[H\u001b[J".getBytes(StandardCharsets.UTF_8);

  private final Terminal terminal;
  private final Format format;
  private final boolean samples;

  public Printer(Terminal terminal, Format format) {
    this(terminal, format, false);
  }

  private Printer(Terminal terminal, Format format, boolean samples) {
    this.terminal = terminal;
    this.format = format;
    this.samples = samples;
  }

  /**
   * For an answer that is given again and again: drawn over itself on a terminal, and elsewhere
   * each a line of JSON, a list, too.
   */
  public Printer watching() {
    boolean drawn = terminal.outIsLive() && !format.structured();
    return new Printer(terminal, drawn ? format : new Format(Format.Kind.NDJSON, ""), true);
  }

  /** Before each of them. */
  public void sample() {
    if (samples && !format.structured()) {
      terminal.write(FROM_THE_TOP);
    }
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
      case NDJSON -> {
        if (samples) {
          terminal.line(Json.line(answers));
        } else {
          answers.forEach(answer -> terminal.line(Json.line(answer)));
        }
      }
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
