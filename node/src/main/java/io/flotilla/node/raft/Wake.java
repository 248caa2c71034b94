package io.flotilla.node.raft;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.ratis.util.AwaitForSignal;

/**
 * Wakes one thread that waits until there is something to do. In Ratis 3.3.0 a call is lost that
 * comes when the thread has found nothing to do and does not wait yet: an entry then lay there
 * until the next heartbeat was due. Here the thread looks once more behind the calls that it passes
 * over. Safe.
 */
final class Wake extends AwaitForSignal {
  private final Semaphore calls = new Semaphore(0);
  private final LongSupplier leftMs;

  /**
   * @param whose for the name
   * @param leftMs until there is something to do that nobody calls for; 0 or less = there is now
   */
  Wake(Object whose, LongSupplier leftMs) {
    super(whose);
    this.leftMs = leftMs;
  }

  @Override
  public void await() throws InterruptedException {
    calls.acquire();
  }

  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    if (time <= 0) {
      return false;
    }
    calls.drainPermits();
    long left = Math.min(leftMs.getAsLong(), unit.toMillis(time));
    return left <= 0 || calls.tryAcquire(left, TimeUnit.MILLISECONDS);
  }

  /** One call that nobody has seen yet is enough. */
  @Override
  public void signal() {
    if (calls.availablePermits() == 0) {
      calls.release();
    }
  }
}
