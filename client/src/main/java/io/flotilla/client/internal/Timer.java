package io.flotilla.client.internal;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's one thread of its own: runs short tasks later, never blocks, and outlives a task
 * that fails, which is logged. Tasks given after it was closed are dropped: all their owners are
 * closed.
 */
final class Timer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Timer.class);

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, Timer::thread);

  Timer() {
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "flotilla-client-timer");
    thread.setDaemon(true);
    return thread;
  }

  void later(Runnable task, long ms) {
    try {
      var unused = executor.schedule(() -> run(task), ms, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("a task came after the client was closed");
    }
  }

  /** Runs the task again and again until the handle is run. */
  Runnable every(Runnable task, long ms) {
    var repeating = executor.scheduleWithFixedDelay(() -> run(task), ms, ms, TimeUnit.MILLISECONDS);
    return () -> repeating.cancel(false);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      if (!executor.isShutdown()) {
        LOG.error("a task of the client failed", e);
      }
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
