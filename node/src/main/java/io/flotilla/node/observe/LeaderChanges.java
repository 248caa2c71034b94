package io.flotilla.node.observe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How often leaders change, and in which group most: one that flaps is lost in the sum of a
 * thousand. Remembers ten minutes, at most 100 changes a group. Safe.
 */
public final class LeaderChanges {

  private static final Duration REMEMBERED = Duration.ofMinutes(10);
  private static final int A_GROUP_MAX = 100;

  private final LongSupplier nanoTime;
  private volatile long swept;
  private final LongAdder taken = new LongAdder();
  private final Map<Long, ArrayDeque<Long>> recent = new ConcurrentHashMap<>();

  public LeaderChanges(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.swept = nanoTime.getAsLong();
  }

  /** A replica here has become a leader. */
  public void taken() {
    taken.increment();
  }

  /** A group with a replica here has another leader. */
  public void changed(long group) {
    long now = nanoTime.getAsLong();
    if (now - swept > REMEMBERED.toNanos()) { // Groups come and go, also while nobody asks.
      swept = now;
      most();
    }
    recent.compute(
        group,
        (any, known) -> {
          ArrayDeque<Long> times = known == null ? new ArrayDeque<>() : known;
          if (times.size() == A_GROUP_MAX) {
            times.remove();
          }
          times.add(now);
          return times;
        });
  }

  /** Groups of which anything is remembered. */
  int remembered() {
    return recent.size();
  }

  /** How often a replica here became a leader. */
  public long takenHere() {
    return taken.sum();
  }

  /** Changes of the group that had most, within the last ten minutes. */
  int most() {
    long since = nanoTime.getAsLong() - REMEMBERED.toNanos();
    int most = 0;
    for (long group : recent.keySet()) {
      ArrayDeque<Long> left =
          recent.computeIfPresent(
              group,
              (any, times) -> {
                times.removeIf(time -> time - since < 0);
                return times.isEmpty() ? null : times;
              });
      most = Math.max(most, left == null ? 0 : left.size());
    }
    return most;
  }
}
