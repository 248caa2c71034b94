package io.flotilla.node.model;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The time by which things may be deleted: no clock that leaps on one node may delete anything
 * early. With several replicas it is the lower median of the clocks of their nodes, of which a
 * majority must have answered: fewer than half of them can be ahead of it and wrong. With one
 * replica it is this node's clock, as long as it does not run ahead of the monotonic clock since
 * this node started. Safe.
 */
public final class TrustedTime {

  private final LongSupplier clockMs;
  private final SteadyClock steady;

  /**
   * @param clockMs this node's clock, in milliseconds since 1970
   * @param nanos its monotonic clock
   */
  public TrustedTime(LongSupplier clockMs, LongSupplier nanos) {
    this.clockMs = clockMs;
    this.steady = new SteadyClock(clockMs, nanos);
  }

  /** This node's clock, as it tells others. */
  public long here() {
    return clockMs.getAsLong();
  }

  /**
   * The time, in milliseconds since 1970; empty when too few clocks are known.
   *
   * @param replicas the nodes that hold replicas
   * @param heard their clocks, this node's included
   */
  public OptionalLong now(List<Integer> replicas, Map<Integer, Long> heard) {
    if (replicas.size() == 1) {
      return OptionalLong.of(steady.getAsLong());
    }
    long[] times =
        replicas.stream().filter(heard::containsKey).mapToLong(heard::get).sorted().toArray();
    return times.length <= replicas.size() / 2
        ? OptionalLong.empty()
        : OptionalLong.of(times[(times.length - 1) / 2]);
  }
}
