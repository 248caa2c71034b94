package io.flotilla.node.grpc.call;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Unary calls to other nodes, as the JDK's futures that fail with refusals. Stateless. */
public final class PeerCalls {

  private PeerCalls() {}

  /** Completes on the channel's thread: hand off from there. */
  public static <T> CompletableFuture<T> future(ListenableFuture<T> call) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Futures.addCallback(
        call,
        new FutureCallback<T>() {
          @Override
          public void onSuccess(@Nullable T answer) {
            future.complete(answer);
          }

          @Override
          public void onFailure(Throwable thrown) {
            future.completeExceptionally(StatusMapper.fromPeer(thrown));
          }
        },
        MoreExecutors.directExecutor());
    return future;
  }
}
