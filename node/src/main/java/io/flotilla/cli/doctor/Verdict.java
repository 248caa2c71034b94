package io.flotilla.cli.doctor;

import java.util.Locale;

/** How a check came out, worse from one to the next. */
enum Verdict {
  /** As it should be. */
  OK,
  /** It could not be looked at, and another check says why. */
  UNKNOWN,
  /** It works, but something wants to be done within the day. */
  WARN,
  /** Something does not work. */
  FAIL;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
