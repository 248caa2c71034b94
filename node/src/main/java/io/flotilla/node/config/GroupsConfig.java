package io.flotilla.node.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long consumer groups are remembered, the same on each node. Keys {@code groups.*}.
 *
 * @param offsetRetention a consumer group that has no members is forgotten, with its committed
 *     offsets, when it has been so for this long and nothing was committed without membership; a
 *     group's offsets in a topic that it no longer reads go so long after the last commit. 1 s to
 *     100 years. Default 7 days. Shorter: a group that was stopped for longer begins anew
 */
public record GroupsConfig(Duration offsetRetention) {

  private static final Duration HUNDRED_YEARS = Duration.ofDays(36_525);

  public static GroupsConfig defaults() {
    return new GroupsConfig(Duration.ofDays(7));
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (offsetRetention.compareTo(Duration.ofSeconds(1)) < 0
        || offsetRetention.compareTo(HUNDRED_YEARS) > 0) {
      faults.add("groups.offset-retention must be 1 s to 100 years");
    }
    return faults;
  }
}
