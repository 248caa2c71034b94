package io.flotilla.cluster.harness;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Waiting for a condition, always with a deadline, and always saying what was seen last. A call
 * that a node refuses for the moment counts as "not yet"; any other refusal ends the wait. Runs on
 * the caller's thread.
 */
public final class Await {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  /** Refusals that say "not now": no node there, no leader, no answer, too much at once. */
  private static final Set<Status.Code> PASSING =
      EnumSet.of(
          Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.RESOURCE_EXHAUSTED);

  private Await() {}

  /** Waits until {@code condition} holds. */
  public static void until(String what, Duration atMost, Callable<Boolean> condition) {
    value(what, atMost, () -> condition.call() ? Optional.of(true) : Optional.empty());
  }

  /** Whether {@code condition} comes to hold in this time; for tests that can go on without. */
  public static boolean holds(Duration within, Callable<Boolean> condition) {
    try {
      Awaitility.await()
          .atMost(within)
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL_INTERVAL)
          .until(condition);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  /** Waits until nothing is {@code missing} any more; says what was when it does not come. */
  public static void untilNone(String what, Duration atMost, Callable<List<String>> missing) {
    AtomicReference<String> last = new AtomicReference<>("nothing");
    value(
        what,
        atMost,
        last,
        () -> {
          List<String> now = missing.call();
          last.set(now.toString());
          return now.isEmpty() ? Optional.of(true) : Optional.empty();
        });
  }

  /** Waits until {@code source} has a value. */
  public static <T> T value(String what, Duration atMost, Callable<Optional<T>> source) {
    return value(what, atMost, new AtomicReference<>("nothing"), source);
  }

  private static <T> T value(
      String what, Duration atMost, AtomicReference<String> last, Callable<Optional<T>> source) {
    List<T> found = new CopyOnWriteArrayList<>();
    try {
      Awaitility.await(what)
          .atMost(atMost)
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL_INTERVAL)
          .until(
              () -> {
                attempt(source, last).ifPresent(found::add);
                return !found.isEmpty();
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "not within " + atMost.toMillis() + " ms: " + what + "; seen last: " + last.get(), e);
    }
    return found.get(0);
  }

  private static <T> Optional<T> attempt(Callable<Optional<T>> source, AtomicReference<String> last)
      throws Exception {
    try {
      return source.call();
    } catch (StatusRuntimeException e) {
      if (!PASSING.contains(e.getStatus().getCode()) && !connectionLost(e.getStatus())) {
        throw e;
      }
      last.set(e.getStatus().toString());
      return Optional.empty();
    }
  }

  /** A call that is sent while its connection breaks ends as UNKNOWN in grpc-java. */
  private static boolean connectionLost(Status status) {
    return status.getCode() == Status.Code.UNKNOWN
        && status.getCause() instanceof ClosedChannelException;
  }
}
