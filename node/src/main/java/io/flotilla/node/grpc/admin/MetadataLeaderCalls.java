package io.flotilla.node.grpc.admin;

import com.google.common.util.concurrent.ListenableFuture;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.grpc.call.Retrying;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.AdminServiceGrpc.AdminServiceFutureStub;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs a change of the metadata where its leader is: here, or by passing the call on to that node.
 * Changes are made repeatable by the caller, so unknown outcomes are tried again, too. Safe.
 */
final class MetadataLeaderCalls {

  private final Router router;
  private final Executor executor;

  MetadataLeaderCalls(Router router, Executor executor) {
    this.router = router;
    this.executor = executor;
  }

  <T> CompletableFuture<T> run(
      CallScope scope,
      Supplier<CompletableFuture<T>> here,
      Function<AdminServiceFutureStub, ListenableFuture<T>> there) {
    return new Retrying(scope, true, executor)
        .run(
            () -> {
              Route route = router.metadataLeader();
              if (route instanceof Route.Here) {
                return here.get();
              }
              if (route instanceof Route.There led && !scope.direct()) {
                var stub = AdminServiceGrpc.newFutureStub(router.channel(led.leader().nodeId()));
                return PeerCalls.future(there.apply(scope.toPeer(stub)));
              }
              return CompletableFuture.failedFuture(
                  FlotillaException.notLeader(
                      "this node does not lead the metadata",
                      route instanceof Route.There led ? led.leader() : null));
            });
  }

  /** Completes when this node's picture has all that was committed to the metadata by now. */
  CompletableFuture<Void> seen(CallScope scope) {
    return new Retrying(scope, true, executor)
        .run(
            () ->
                router
                    .catchUp()
                    .exceptionally(
                        fault -> {
                          throw FlotillaException.notLeader(
                              "the metadata's leader does not say what there is", null);
                        }));
  }

  /** The outcome, or the refusal that it is. */
  static MetadataOutcome accepted(MetadataOutcome outcome) {
    if (outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
      throw new FlotillaException(outcome.getError(), outcome.getMessage());
    }
    return outcome;
  }
}
