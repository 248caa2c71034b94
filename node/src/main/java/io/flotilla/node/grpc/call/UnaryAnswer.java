package io.flotilla.node.grpc.call;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Answers unary calls from futures, in time: what is not known by the deadline is answered so. */
public final class UnaryAnswer {

  private UnaryAnswer() {}

  /** Answers on the executor when the future completes, or when the scope's time is up. */
  public static <T> void answer(
      StreamObserver<T> observer, CompletableFuture<T> future, CallScope scope, Executor executor) {
    var unused =
        future
            .copy()
            .orTimeout(Math.max(1, scope.left().toMillis()), TimeUnit.MILLISECONDS)
            .whenCompleteAsync(
                (answer, thrown) -> {
                  if (thrown == null) {
                    observer.onNext(answer);
                    observer.onCompleted();
                  } else {
                    observer.onError(StatusMapper.refusal(thrown));
                  }
                },
                executor);
  }
}
