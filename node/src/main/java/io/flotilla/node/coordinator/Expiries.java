package io.flotilla.node.coordinator;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The timers of members that nobody serves, at most one each. Confined to flotilla-coordinator. */
final class Expiries {

  private final ScheduledExecutorService thread;
  private final Map<String, Future<?>> pending = new HashMap<>(); // by member id

  Expiries(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /** Runs the action for the member after so long, instead of what was to be run for it. */
  void after(long ms, String memberId, Runnable action) {
    cancel(memberId);
    pending.put(
        memberId,
        thread.schedule(
            () -> {
              pending.remove(memberId);
              action.run();
            },
            ms,
            TimeUnit.MILLISECONDS));
  }

  void cancel(String memberId) {
    Future<?> timer = pending.remove(memberId);
    if (timer != null) {
      timer.cancel(false);
    }
  }

  void cancelAll() {
    pending.values().forEach(timer -> timer.cancel(false));
    pending.clear();
  }
}
