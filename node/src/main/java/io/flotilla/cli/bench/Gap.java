package io.flotilla.cli.bench;

/** The longest time in which nothing happened. Safe. */
final class Gap {

  private long lastNanos = System.nanoTime(); // guarded by this
  private long longestNanos; // guarded by this

  /** Something happened, at a time of System.nanoTime. */
  synchronized void something(long nanos) { // guards lastNanos and longestNanos
    longestNanos = Math.max(longestNanos, nanos - lastNanos);
    lastNanos = nanos;
  }

  /** The longest since the last call, the one that lasts included, in nanoseconds. */
  synchronized long longestNanos() { // guards lastNanos and longestNanos
    long now = System.nanoTime();
    long longest = Math.max(longestNanos, now - lastNanos);
    longestNanos = 0;
    lastNanos = now;
    return longest;
  }
}
