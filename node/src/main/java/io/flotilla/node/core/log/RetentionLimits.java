package io.flotilla.node.core.log;

/**
 * What a partition keeps.
 *
 * @param timeMs events at least this long, in milliseconds; -1 = for ever
 * @param bytes at least so many stored bytes; -1 = all
 */
public record RetentionLimits(long timeMs, long bytes) {

  /** Of either limit: there is none. */
  public static final long UNLIMITED = -1;

  /** Everything is kept. */
  public static final RetentionLimits NONE = new RetentionLimits(UNLIMITED, UNLIMITED);

  /** Nothing ever goes. */
  public boolean keepsAll() {
    return timeMs == UNLIMITED && bytes == UNLIMITED;
  }
}
