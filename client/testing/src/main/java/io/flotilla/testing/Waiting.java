package io.flotilla.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for what other threads and nodes bring about, by looking again. Pure. */
final class Waiting {

  private static final long LOOK_EVERY_MS = 20;

  private Waiting() {}

  /**
   * What the look finds first, at the latest when the time is over.
   *
   * @param look null: not yet
   * @param found what there is instead, for the {@link AssertionError}
   */
  static <T> T until(Duration timeout, Supplier<@Nullable T> look, Supplier<String> found) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      T seen = look.get();
      if (seen != null) {
        return seen;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new AssertionError(found.get());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting: " + found.get(), e);
      }
    }
  }
}
