package io.flotilla.cli.output;

import io.flotilla.words.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Numbers, times and foreign text as people read them. Stateless. */
public final class Text {

  /** Not applicable. */
  public static final String NONE = "-";

  private Text() {}

  /** {@code 101,229}. By hand, because formatting a number makes Java read its locale data. */
  public static String count(long number) {
    return Words.count(number);
  }

  /** {@code 1 event}, {@code 2 events}. */
  public static String count(long number, String noun) {
    return Words.count(number, noun);
  }

  /** {@code 512 B}, {@code 1.5 KiB}, {@code 3.2 MiB}. */
  public static String bytes(long bytes) {
    return Words.bytes(bytes);
  }

  /** {@code 850 ms}, {@code 4.2 s}. */
  public static String duration(Duration duration) {
    return Words.duration(duration);
  }

  /** To the second, with its zone. */
  public static String time(Instant instant, boolean utc) {
    ZoneId zone = utc ? ZoneOffset.UTC : ZoneId.systemDefault();
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        instant.truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }

  /**
   * Text of somebody else, made safe for a terminal and for one line: control characters are
   * written as escapes, so that an event cannot move the cursor or fake a row.
   */
  public static String printable(String text) {
    return Words.printable(text);
  }

  /** At most this many characters, the last one an ellipsis when something was cut. */
  public static String clip(String text, int columns) {
    if (text.codePointCount(0, text.length()) <= columns) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, Math.max(0, columns - 1))) + "…";
  }
}
