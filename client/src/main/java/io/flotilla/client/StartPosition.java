package io.flotilla.client;

import java.time.Instant;

/** Where to begin reading, or which offset to ask for. Immutable. */
public sealed interface StartPosition {

  /** The oldest event that is kept. */
  record Earliest() implements StartPosition {}

  /** The end: only events published from now on. */
  record Latest() implements StartPosition {}

  /**
   * A given offset.
   *
   * @param offset 0 to the end of the log, inclusive
   */
  record AtOffset(long offset) implements StartPosition {
    public AtOffset {
      if (offset < 0) {
        throw new IllegalArgumentException("an offset is not negative, found " + offset);
      }
    }
  }

  /**
   * The first event whose timestamp is not before a time.
   *
   * @param time the time, 1970 to 9999
   */
  record AtTime(Instant time) implements StartPosition {
    public AtTime {
      if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST_TIME)) {
        throw new IllegalArgumentException("a time is between 1970 and 9999, found " + time);
      }
    }
  }

  /** The last time that events may carry. */
  Instant LAST_TIME = Instant.ofEpochMilli(253_402_300_799_999L);

  static StartPosition earliest() {
    return new Earliest();
  }

  static StartPosition latest() {
    return new Latest();
  }

  static StartPosition offset(long offset) {
    return new AtOffset(offset);
  }

  static StartPosition time(Instant time) {
    return new AtTime(time);
  }
}
