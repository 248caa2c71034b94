package io.flotilla.cluster.badinput;

import java.util.stream.Stream;

/** Names that are no topic's: path tricks, control characters, look-alikes, too much. */
final class BadNames {
  private static final int SHOWN_MAX = 24;

  private BadNames() {}

  static Stream<String> all() {
    return Stream.of(
        "",
        ".",
        "..",
        "../escape",
        "a/b",
        "a\\b",
        "a b",
        "a\u0000b",
        "a\nb",
        "%2e%2e",
        "b\u00fccher",
        "\u202eabc",
        "a\u200bb",
        "__internal",
        "n".repeat(201),
        "n".repeat(100_000));
  }

  /** Short and printable, for the names of tests. */
  static String shown(String name) {
    StringBuilder shown = new StringBuilder("'");
    name.codePoints()
        .limit(SHOWN_MAX)
        .forEach(
            c -> {
              if (c > ' ' && c < 0x7f) {
                shown.appendCodePoint(c);
              } else {
                shown.append("<%x>".formatted(c));
              }
            });
    return shown.append("' of ").append(name.length()).toString();
  }
}
