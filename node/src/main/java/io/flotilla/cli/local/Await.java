package io.flotilla.cli.local;

import io.flotilla.cli.error.CliException;
import io.flotilla.client.FlotillaClientException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a local cluster is about to do, with a limit, and for time. Stateless. */
public final class Await {

  private static final long LOOK_AGAIN_NANOS = 100_000_000L;

  private Await() {}

  /** Looks until the condition holds; a cluster that cannot answer yet counts as "not yet". */
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    String last = "";
    while (System.nanoTime() - deadline < 0) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (FlotillaClientException notYet) {
        last = ": " + notYet.getMessage();
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    throw CliException.local(
        "waited in vain until " + what,
        "it did not come to pass within " + limit.toSeconds() + " s" + last,
        "look at the logs of the nodes in the folder named above");
  }

  /** Lets what runs run for a while. */
  public static void pass(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
