package io.flotilla.cluster.campaign;

import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.Write;
import io.flotilla.cluster.check.Write.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long writes to a partition stood still when its leader was killed: the longest time between
 * two acknowledgements of it then. Confined to the test's thread.
 */
final class KillTimes {
  private static final long AROUND_NANOS = 15_000_000_000L;

  /** An answer may still be on its way; later gaps have other causes, such as the node's return. */
  private static final long SOON_NANOS = 1_000_000_000L;

  /** A median of fewer says little. */
  private static final int MANY = 20;

  private final List<Kill> kills = new ArrayList<>();
  private final List<Long> millis = new ArrayList<>();

  private record Kill(int partition, long atNanos) {}

  void killed(int partition, long atNanos) {
    kills.add(new Kill(partition, atNanos));
  }

  /** Measures the kills noted since this was called last. */
  void measure(History history) {
    List<Write> writes =
        history.writes().stream().filter(write -> write.outcome() == Outcome.OK).toList();
    for (Kill kill : kills) {
      long[] times =
          writes.stream()
              .filter(write -> write.partition() == kill.partition)
              .mapToLong(Write::completedNanos)
              .filter(at -> at > kill.atNanos - AROUND_NANOS && at < kill.atNanos + AROUND_NANOS)
              .sorted()
              .toArray();
      millis.add(gap(times, kill.atNanos));
    }
    kills.clear();
  }

  /** The longest gap that begins around the kill, as far as it lies behind the kill. */
  private static long gap(long[] times, long killNanos) {
    int after = Arrays.binarySearch(times, killNanos);
    after = after < 0 ? -after - 1 : after;
    long longest = after == times.length ? AROUND_NANOS : times[after] - killNanos;
    for (int i = after + 1; i < times.length && times[i - 1] < killNanos + SOON_NANOS; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    return longest / 1_000_000;
  }

  /** As is promised: never longer than the worst, and half of enough kills within the median. */
  boolean inTime() {
    return millis.isEmpty()
        || (worst() <= Campaign.RESUME_WORST_MS_MAX
            && (count() < MANY || median() <= Campaign.RESUME_MEDIAN_MS_MAX));
  }

  int count() {
    return millis.size();
  }

  long median() {
    return sorted().get(millis.size() / 2);
  }

  long worst() {
    List<Long> all = sorted();
    return all.get(all.size() - 1);
  }

  private List<Long> sorted() {
    return millis.stream().sorted().toList();
  }

  @Override
  public String toString() {
    return millis.isEmpty()
        ? "no leader was killed"
        : "%d leaders killed: writes stood still for %d ms (median), %d ms (worst)"
            .formatted(count(), median(), worst());
  }
}
