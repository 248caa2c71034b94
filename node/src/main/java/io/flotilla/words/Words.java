package io.flotilla.words;

import java.time.Duration;
import java.util.Locale;

/** Numbers, times and foreign text as people read them. Stateless. */
public final class Words {

  private Words() {}

  /** {@code 101,229}. By hand, because formatting a number makes Java read its locale data. */
  public static String count(long number) {
    StringBuilder digits = new StringBuilder(String.valueOf(number));
    int first = number < 0 ? 1 : 0;
    for (int i = digits.length() - 3; i > first; i -= 3) {
      digits.insert(i, ',');
    }
    return digits.toString();
  }

  /** {@code 1 event}, {@code 2 events}. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** {@code 512 B}, {@code 1.5 KiB}, {@code 3.2 MiB}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < 3) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGT".charAt(unit));
  }

  /** {@code 850 ms}, {@code 4.2 s}. */
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    return millis < 1000
        ? millis + " ms"
        : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  /**
   * Text of somebody else, made safe for a terminal and for one line: control characters are
   * written as escapes, so that an event cannot move the cursor or fake a row.
   */
  public static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> safe.append("\\n");
        case '\r' -> safe.append("\\r");
        case '\t' -> safe.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            safe.append(c);
          }
        }
      }
    }
    return safe.toString();
  }
}
