package io.flotilla.node.raft;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the bytes a second that all who share it take together: who took has to wait until that
 * was due. Safe.
 */
final class Pace {

  private final long bytesPerSecond;
  private final CountDownLatch closed;
  private long dueNanos = System.nanoTime(); // guarded by this

  /**
   * @param bytesPerSecond 0 = no bound
   * @param closed ends all waiting
   */
  Pace(long bytesPerSecond, CountDownLatch closed) {
    this.bytesPerSecond = bytesPerSecond;
    this.closed = closed;
  }

  void take(long bytes) throws InterruptedException {
    if (bytesPerSecond > 0) {
      long wait = due(bytes) - System.nanoTime();
      if (wait > 0 && closed.await(wait, TimeUnit.NANOSECONDS)) {
        throw new InterruptedException("closed");
      }
    }
  }

  private synchronized long due(long bytes) { // guards dueNanos
    long now = System.nanoTime();
    long begin = dueNanos - now < 0 ? now : dueNanos;
    dueNanos = begin + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    return begin;
  }
}
