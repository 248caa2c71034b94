package io.flotilla.client;

import java.time.Duration;

/** Says which option is out of its range, and what was found. */
final class Checks {

  /** Durations beyond this are taken for mistakes: they overflow nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private Checks() {}

  static void range(String name, long found, long first, long last) {
    if (found < first || found > last) {
      throw new IllegalArgumentException(
          name + " is between " + first + " and " + last + ", found " + found);
    }
  }

  static void duration(String name, Duration found, Duration least) {
    if (found.compareTo(least) < 0 || found.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is between " + least + " and " + LONGEST + ", found " + found);
    }
  }
}
