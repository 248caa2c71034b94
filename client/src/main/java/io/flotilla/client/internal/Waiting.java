package io.flotilla.client.internal;

import java.util.concurrent.TimeUnit;

/** Waiting on a monitor, as everything here that blocks does. Stateless. */
final class Waiting {

  private Waiting() {}

  /**
   * Waits once, on a monitor that the caller holds, until notified or the deadline; the caller
   * looks again. False when the deadline has passed or the thread is interrupted, and stays so.
   *
   * @param deadline as System.nanoTime tells it
   */
  static boolean until(Object monitor, long deadline) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(monitor, Math.max(left, 1_000_000));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
