package io.flotilla.node.grpc.call;

import io.flotilla.node.grpc.call.CallThreads.Alarm;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Notices a reader that takes nothing for a long time though data waits for it. Confined to the
 * stream's serial executor, on which it also raises the alarm.
 */
public final class StallWatch {

  private final Duration stallMax;
  private final Executor serial;
  private final Runnable onStall;
  private @Nullable Alarm alarm;

  public StallWatch(Duration stallMax, Executor serial, Runnable onStall) {
    this.stallMax = stallMax;
    this.serial = serial;
    this.onStall = onStall;
  }

  /** Data waits and the transport takes nothing: the time runs, unless it does already. */
  public void blocked() {
    if (alarm == null) {
      alarm =
          CallThreads.after(
              stallMax.toMillis(),
              serial,
              () -> {
                if (alarm != null) {
                  onStall.run();
                }
              });
    }
  }

  /** Something was taken, or nothing waits, or the stream is over. */
  public void cleared() {
    Alarm running = alarm;
    alarm = null;
    if (running != null) {
      running.cancel();
    }
  }
}
