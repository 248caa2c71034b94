package io.flotilla.client.internal;

import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.ServerAttempt;
import io.flotilla.client.ServerAttempt.Reached;
import io.flotilla.proto.types.v1.Retry;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Calls that have one answer, in the caller's thread: asks one given server after the other until
 * one answers, the deadline passes, or nobody is there. Safe for many threads.
 */
final class Unary {

  /** Rounds over all given servers with nobody reached, after which the caller is told so. */
  private static final int EMPTY_ROUNDS_MAX = 3;

  /**
   * One attempt of a call that may be repeated is given this long before another server is asked.
   */
  private static final Duration ATTEMPT_MAX = Duration.ofSeconds(10);

  /** Whether a call may be made again when it is unknown what became of it. */
  enum Repeat {
    /** It reads only: yes, and soon. */
    READ,
    /** It changes, but once however often it arrives. */
    IDEMPOTENT,
    /** No: the caller must look. */
    ONCE
  }

  private final List<Address> servers;
  private final Channels channels;
  private final AtomicInteger preferred = new AtomicInteger();

  Unary(List<Address> servers, Channels channels) {
    this.servers = servers;
    this.channels = channels;
  }

  <S extends AbstractStub<S>, T> T call(
      Function<Channel, S> stub, Function<S, T> request, Repeat repeat, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Map<Address, ServerAttempt> attempts = new LinkedHashMap<>();
    int failures = 0;
    while (true) {
      int index = Math.floorMod(preferred.get(), servers.size());
      Address server = servers.get(index);
      long nanos = attemptNanos(deadline - System.nanoTime(), repeat);
      try {
        S at = stub.apply(channels.to(Route.proxied(server)));
        return request.apply(at.withDeadlineAfter(nanos, TimeUnit.NANOSECONDS));
      } catch (StatusRuntimeException e) {
        Refusal refusal = RefusalReader.read(e);
        failures++;
        attempts.put(
            server, new ServerAttempt(server.toString(), refusal.reached(), refusal.message()));
        preferred.compareAndSet(index, (index + 1) % servers.size());
        if (!mayRepeat(refusal, repeat)) {
          throw refusal.toException(
              refusal.kind(), refusal.message(), new ArrayList<>(attempts.values()));
        }
        long pause = pauseNanos(refusal, failures);
        if (nobodyThere(attempts, failures) || deadline - System.nanoTime() <= pause) {
          throw exhausted(refusal, attempts, repeat, timeout);
        }
        LockSupport.parkNanos(pause);
        if (Thread.currentThread().isInterrupted()) {
          throw refusal.toException(
              refusal.kind(), "interrupted while retrying: " + refusal.message(), List.of());
        }
      }
    }
  }

  private static long attemptNanos(long left, Repeat repeat) {
    long most = repeat == Repeat.READ ? Math.min(left, ATTEMPT_MAX.toNanos()) : left;
    return Math.max(1, most);
  }

  private static boolean mayRepeat(Refusal refusal, Repeat repeat) {
    return refusal.unreachable()
        || (refusal.retryable()
            && (repeat != Repeat.ONCE || refusal.retry() != Retry.RETRY_UNKNOWN_OUTCOME));
  }

  /** No pause before the next server on the first round, then longer and longer. */
  private long pauseNanos(Refusal refusal, int failures) {
    int rounds = failures / servers.size();
    long ms =
        rounds == 0 && refusal.retryAfterMs() == 0
            ? 0
            : Backoff.pauseMs(Math.max(1, rounds + 1), refusal.retryAfterMs());
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }

  private boolean nobodyThere(Map<Address, ServerAttempt> attempts, int failures) {
    return failures >= EMPTY_ROUNDS_MAX * servers.size()
        && attempts.size() == servers.size()
        && attempts.values().stream()
            .allMatch(attempt -> attempt.reached().compareTo(Reached.CONNECTED) < 0);
  }

  private static FlotillaClientException exhausted(
      Refusal last, Map<Address, ServerAttempt> attempts, Repeat repeat, Duration timeout) {
    boolean nobody =
        attempts.values().stream()
            .allMatch(attempt -> attempt.reached().compareTo(Reached.CONNECTED) < 0);
    Kind kind =
        nobody
            ? Kind.UNREACHABLE
            : repeat == Repeat.READ && last.retryable() ? Kind.RETRY : last.kind();
    String text =
        nobody
            ? "no server could be reached: " + attempts.keySet()
            : "no answer within " + timeout.toMillis() + " ms; the last one: " + last.message();
    return last.toException(kind, text, new ArrayList<>(attempts.values()));
  }
}
