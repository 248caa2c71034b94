package io.flotilla.node.store.rocks;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts who is inside the database, because closing it under a reader ends the process. A use may
 * end on another thread than it began on. Safe for many threads.
 */
final class OpenUses {

  private static final int USES_MAX = Integer.MAX_VALUE;
  private static final long END_WAIT_SECONDS = 30;

  /** Being inside; ends once, however often it is closed. */
  interface Use extends AutoCloseable {
    @Override
    void close();
  }

  private final Semaphore free = new Semaphore(USES_MAX);
  private final AtomicBoolean ending = new AtomicBoolean();

  Use begin() {
    if (ending.get() || !free.tryAcquire()) {
      throw new IllegalStateException("store is closed");
    }
    AtomicBoolean over = new AtomicBoolean();
    return () -> {
      if (over.compareAndSet(false, true)) {
        free.release();
      }
    };
  }

  /** Admits no more uses and waits for the last; false when that was done before. */
  boolean end() {
    if (!ending.compareAndSet(false, true)) {
      return false;
    }
    try {
      if (!free.tryAcquire(USES_MAX, END_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            (USES_MAX - free.availablePermits())
                + " cursors or calls still use the store "
                + END_WAIT_SECONDS
                + " s after it was to close");
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the store was closing", e);
    }
  }
}
