package io.flotilla.client.internal;

import java.util.concurrent.TimeUnit;

/** Bytes that a producer may hold; those who find none wait a while. Safe for many threads. */
final class BufferBudget {

  private final long all;
  private long free;

  BufferBudget(long bytes) {
    this.all = bytes;
    this.free = bytes;
  }

  long all() {
    return all;
  }

  synchronized long used() {
    return all - free;
  }

  /** False when there was not enough within the time, or the thread was interrupted. */
  synchronized boolean take(long bytes, long nanos) {
    long deadline = System.nanoTime() + nanos;
    while (free < bytes) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    free -= bytes;
    return true;
  }

  synchronized void give(long bytes) {
    free += bytes;
    notifyAll();
  }
}
