package io.flotilla.node.raft;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.util.AwaitForSignal;

/**
 * Wakes one thread that waits for something to do. Whoever calls between two waits ends the next
 * one at once. Ratis 3.3.0 forgets such a call: an entry that came just when its appender had found
 * nothing to send lay there until the next heartbeat was due. Safe.
 */
final class Wake extends AwaitForSignal {
  private final Semaphore calls = new Semaphore(0);

  /**
   * @param whose for the name
   */
  Wake(Object whose) {
    super(whose);
  }

  @Override
  public void await() throws InterruptedException {
    calls.acquire();
    calls.drainPermits();
  }

  @Override
  public boolean await(long time, TimeUnit unit) throws InterruptedException {
    boolean called = time > 0 ? calls.tryAcquire(time, unit) : calls.tryAcquire();
    calls.drainPermits();
    return called;
  }

  /** One call that nobody has seen yet is enough. */
  @Override
  public void signal() {
    if (calls.availablePermits() == 0) {
      calls.release();
    }
  }
}
