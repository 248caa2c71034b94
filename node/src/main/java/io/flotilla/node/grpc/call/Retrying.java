package io.flotilla.node.grpc.call;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.Retry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Tries something again while its refusal is definite and the call has time left, so that a
 * fail-over is a pause and not an error. Waits 20 ms at first, then twice as long, up to 150 ms,
 * each with jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"). Calls that must not
 * be forwarded are not retried: whoever sent them does that. Nor is anything on a node that has
 * lost contact with the cluster: the caller is to ask another one.
 */
public final class Retrying {

  private static final long FIRST_MS = 20;
  private static final long LAST_MS = 150;

  private final CallScope scope;
  private final boolean unknownToo;
  private final Executor executor;

  /**
   * @param unknownToo also try again when it is unknown whether it happened: for reads, and writes
   *     that never happen twice
   */
  public Retrying(CallScope scope, boolean unknownToo, Executor executor) {
    this.scope = scope;
    this.unknownToo = unknownToo;
    this.executor = executor;
  }

  /** The first answer, or the last refusal. The attempt may throw, too. */
  public <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> attempt) {
    CompletableFuture<T> result = new CompletableFuture<>();
    attempt(attempt, FIRST_MS, result);
    return result;
  }

  private <T> void attempt(
      Supplier<CompletableFuture<T>> attempt, long waitMs, CompletableFuture<T> result) {
    CompletableFuture<T> future;
    try {
      future = attempt.get();
    } catch (RuntimeException e) {
      future = CompletableFuture.failedFuture(e);
    }
    var unused =
        future.whenComplete(
            (answer, thrown) -> {
              if (thrown == null) {
                result.complete(answer);
                return;
              }
              FlotillaException refusal = StatusMapper.refusal(thrown);
              if (!again(refusal, waitMs)) {
                result.completeExceptionally(refusal);
                return;
              }
              long jittered = waitMs / 2 + ThreadLocalRandom.current().nextLong(waitMs / 2 + 1);
              CallThreads.after(
                  jittered,
                  executor,
                  () -> attempt(attempt, Math.min(LAST_MS, 2 * waitMs), result));
            });
  }

  private boolean again(FlotillaException refusal, long waitMs) {
    Retry retry = ErrorCatalogue.retry(refusal.reason());
    boolean safe =
        retry == Retry.RETRY_ELSEWHERE || (unknownToo && retry == Retry.RETRY_UNKNOWN_OUTCOME);
    return safe
        && !scope.direct()
        && !scope.alone().getAsBoolean()
        && scope.left().toMillis() > waitMs;
  }
}
