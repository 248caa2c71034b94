package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.router.Router;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits until this node's picture of the cluster shows something; no thread waits. Safe. */
final class ImageWait {

  private final Router router;
  private final Executor executor;

  ImageWait(Router router, Executor executor) {
    this.router = router;
    this.executor = executor;
  }

  /** True once the image shows it; false when it did not in time. */
  CompletableFuture<Boolean> until(Predicate<MetadataImage> shows, Duration atMost) {
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    Runnable look =
        () -> {
          if (!seen.isDone() && shows.test(router.image())) {
            seen.complete(true);
          }
        };
    Runnable unregister = router.onImage(() -> executor.execute(look));
    look.run();
    return seen.completeOnTimeout(false, Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)
        .whenComplete((found, thrown) -> unregister.run());
  }
}
