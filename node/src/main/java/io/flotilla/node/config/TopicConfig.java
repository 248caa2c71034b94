package io.flotilla.node.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What topics have that set nothing else, the same on each node. Keys {@code topics.*}.
 *
 * @param retentionTime events are kept at least this long, 1 s to 100 years; -1 ms = for ever. Key
 *     value {@code -1} or such as {@code 12h}, {@code 7d}. Default 7 days
 * @param retentionBytes the oldest events of a partition go while at least so many bytes remain, 1
 *     MiB to 1 PiB; -1 = no limit. Default -1
 * @param cleanupInterval how often a leader looks what may go, 100 ms to 1 day. Smaller: space
 *     returns sooner, at the cost of asking the other nodes for their clocks. Default 30 s
 * @param autoCreate tells clients that they may create a topic to which they publish and that is
 *     not there; for development, where a misspelt name does no harm. Default false
 */
public record TopicConfig(
    Duration retentionTime, long retentionBytes, Duration cleanupInterval, boolean autoCreate) {

  /** Of either retention: none. */
  public static final long UNLIMITED = -1;

  private static final Duration HUNDRED_YEARS = Duration.ofDays(36_525);

  public static TopicConfig defaults() {
    return new TopicConfig(Duration.ofDays(7), UNLIMITED, Duration.ofSeconds(30), false);
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (retentionTime.toMillis() != UNLIMITED
        && !within(retentionTime, Duration.ofSeconds(1), HUNDRED_YEARS)) {
      faults.add("topics.retention-time must be 1s to 36525d, or -1 for unlimited");
    }
    if (retentionBytes != UNLIMITED && (retentionBytes < 1L << 20 || retentionBytes > 1L << 50)) {
      faults.add("topics.retention-bytes must be 1MiB to 1048576GiB, or -1 for unlimited");
    }
    if (!within(cleanupInterval, Duration.ofMillis(100), Duration.ofDays(1))) {
      faults.add("topics.cleanup-interval must be 100ms to 1d");
    }
    return faults;
  }

  private static boolean within(Duration value, Duration min, Duration max) {
    return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
  }
}
