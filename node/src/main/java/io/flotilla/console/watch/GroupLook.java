package io.flotilla.console.watch;

import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A group with its partitions, as it was at a moment.
 *
 * @param group all of it
 * @param atMs when, in milliseconds since 1970
 * @param nanos when, by the clock that never jumps
 */
public record GroupLook(GroupDescription group, long atMs, long nanos) {

  private Stream<Progress> progress() {
    return group.partitions().stream()
        .map(GroupPartitionDescription::progress)
        .filter(Objects::nonNull);
  }

  public long lagEvents() {
    return progress().mapToLong(Progress::lagEvents).sum();
  }

  /** How long the oldest event of all partitions has been waiting. */
  public long lagMs() {
    return progress().mapToLong(each -> each.lag().toMillis()).max().orElse(0);
  }

  public double consumed() {
    return sum(Progress::consumedPerSecond);
  }

  public double published() {
    return sum(Progress::publishedPerSecond);
  }

  private double sum(ToDoubleFunction<Progress> rate) {
    return progress().mapToDouble(rate).filter(Double::isFinite).sum();
  }

  /** Some partition will not be caught up with at the rates of late. */
  public boolean fallingBehind() {
    return progress().anyMatch(Progress::fallingBehind);
  }

  /** When all lag will be gone, in milliseconds; -1 = not at these rates, or nobody knows. */
  public long catchUpMs() {
    long longest = 0;
    for (Progress each : progress().filter(one -> one.lagEvents() > 0).toList()) {
      var within = each.catchUp();
      if (within == null) {
        return -1;
      }
      longest = Math.max(longest, within.toMillis());
    }
    return longest;
  }
}
