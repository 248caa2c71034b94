package io.flotilla.node.model;

import java.util.function.LongSupplier;

/**
 * This node's clock, but never ahead of the monotonic one since the node started: by a clock that
 * leaps nothing is deleted early. Safe.
 */
public final class SteadyClock implements LongSupplier {

  private static final long NANOS_A_MILLI = 1_000_000;

  private final LongSupplier clockMs;
  private final LongSupplier nanos;
  private final long startedMs;
  private final long startedNanos;

  /**
   * @param clockMs this node's clock, in milliseconds since 1970
   * @param nanos its monotonic clock
   */
  public SteadyClock(LongSupplier clockMs, LongSupplier nanos) {
    this.clockMs = clockMs;
    this.nanos = nanos;
    this.startedMs = clockMs.getAsLong();
    this.startedNanos = nanos.getAsLong();
  }

  /** In milliseconds since 1970. */
  @Override
  public long getAsLong() {
    long elapsedMs = (nanos.getAsLong() - startedNanos) / NANOS_A_MILLI;
    return Math.min(clockMs.getAsLong(), startedMs + elapsedMs);
  }
}
