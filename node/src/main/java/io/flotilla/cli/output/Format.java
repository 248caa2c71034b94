package io.flotilla.cli.output;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code -o} asked for: one of the kinds, or a template with fields in double braces.
 * Immutable. {@code value} and templates make sense for events only.
 */
public record Format(Kind kind, String template) {

  /** How an answer is written. */
  public enum Kind {
    TABLE,
    WIDE,
    JSON,
    NDJSON,
    SCHEMA,
    VALUE,
    TEMPLATE
  }

  public static final Format TABLE = new Format(Kind.TABLE, "");

  private static final List<Kind> NAMED =
      List.of(Kind.TABLE, Kind.WIDE, Kind.JSON, Kind.NDJSON, Kind.SCHEMA, Kind.VALUE);

  /** The format of this name; empty when there is none. */
  public static Optional<Format> parse(String text) {
    if (text.contains("{{")) {
      return Optional.of(new Format(Kind.TEMPLATE, text));
    }
    return NAMED.stream()
        .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(text))
        .map(kind -> new Format(kind, ""))
        .findFirst();
  }

  /** Answers and errors are for programs. */
  public boolean structured() {
    return kind == Kind.JSON || kind == Kind.NDJSON;
  }

  /** Only events can be written like this. */
  public boolean eventsOnly() {
    return kind == Kind.VALUE || kind == Kind.TEMPLATE;
  }
}
