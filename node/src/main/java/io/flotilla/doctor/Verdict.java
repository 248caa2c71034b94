package io.flotilla.doctor;

import java.util.Locale;

/** How a check came out, worse from one to the next. */
public enum Verdict {
  /** As it should be. */
  OK,
  /** It could not be looked at, and another check says why. */
  UNKNOWN,
  /** It works, but something wants to be done within the day. */
  WARN,
  /** Something does not work. */
  FAIL;

  /** In lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
