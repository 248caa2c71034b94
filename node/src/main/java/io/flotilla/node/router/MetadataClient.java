package io.flotilla.node.router;

import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.Leader;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.internal.v1.ProposeMetadataRequest;
import io.flotilla.proto.internal.v1.ProposeMetadataResponse;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs metadata commands that are safe to repeat on the metadata's leader, wherever it is, again
 * and again until one is answered or the time is over. Safe; no thread waits.
 */
final class MetadataClient {

  private static final Duration TRY_TIMEOUT = Duration.ofSeconds(2);
  private static final long BACKOFF_MS = 100;

  private final Router router;
  private final PeerChannels channels;

  MetadataClient(Router router, PeerChannels channels) {
    this.router = router;
    this.channels = channels;
  }

  CompletableFuture<MetadataOutcome> propose(MetadataCommand command, Duration timeout) {
    CompletableFuture<MetadataOutcome> result = new CompletableFuture<>();
    attempt(command, System.nanoTime() + timeout.toNanos(), result);
    return result;
  }

  private void attempt(
      MetadataCommand command, long untilNanos, CompletableFuture<MetadataOutcome> result) {
    var unused =
        once(command)
            .whenComplete(
                (outcome, fault) -> {
                  if (fault == null) {
                    result.complete(outcome);
                  } else if (over(fault, untilNanos)) {
                    result.completeExceptionally(unwrap(fault));
                  } else {
                    Executor later =
                        CompletableFuture.delayedExecutor(BACKOFF_MS, TimeUnit.MILLISECONDS);
                    later.execute(() -> attempt(command, untilNanos, result));
                  }
                });
  }

  private boolean over(Throwable fault, long untilNanos) {
    return !mayRetry(fault) || System.nanoTime() >= untilNanos || channels.closed();
  }

  private CompletableFuture<MetadataOutcome> once(MetadataCommand command) {
    Route known = router.metadataLeader();
    Route route = known instanceof Route.Nowhere ? router.metadataGuess() : known;
    if (route instanceof Route.Here) {
      return router.proposeHere(command);
    }
    if (route instanceof Route.There there) {
      return remote(command, there.leader());
    }
    return CompletableFuture.failedFuture(
        FlotillaException.notLeader(((Route.Nowhere) route).why(), null));
  }

  private CompletableFuture<MetadataOutcome> remote(MetadataCommand command, Leader leader) {
    CompletableFuture<MetadataOutcome> result = new CompletableFuture<>();
    ListenableFuture<ProposeMetadataResponse> call =
        PeerServiceGrpc.newFutureStub(router.channel(leader.nodeId()))
            .withDeadlineAfter(TRY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .proposeMetadata(
                ProposeMetadataRequest.newBuilder().setCommand(command.toByteString()).build());
    Futures.addCallback(
        call,
        new FutureCallback<>() {
          @Override
          public void onSuccess(@Nullable ProposeMetadataResponse response) {
            try {
              MetadataOutcome outcome =
                  MetadataOutcome.parseFrom(requireNonNull(response).getOutcome());
              if (outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED) {
                result.complete(outcome);
              } else {
                result.completeExceptionally(
                    new FlotillaException(outcome.getError(), outcome.getMessage()));
              }
            } catch (InvalidProtocolBufferException e) {
              result.completeExceptionally(e);
            }
          }

          @Override
          public void onFailure(Throwable fault) {
            result.completeExceptionally(
                new FlotillaException(
                    ErrorReason.ERROR_REASON_NODE_UNREACHABLE,
                    "node " + leader.nodeId() + ", which leads the metadata: " + fault));
          }
        },
        MoreExecutors.directExecutor());
    return result;
  }

  private static Throwable unwrap(Throwable fault) {
    return fault instanceof CompletionException && fault.getCause() != null
        ? fault.getCause()
        : fault;
  }

  private static boolean mayRetry(Throwable fault) {
    return unwrap(fault) instanceof FlotillaException e
        && switch (e.reason()) {
          case ERROR_REASON_NOT_LEADER,
              ERROR_REASON_LEADER_UNKNOWN,
              ERROR_REASON_NODE_UNREACHABLE,
              ERROR_REASON_OUTCOME_UNKNOWN ->
              true;
          default -> false;
        };
  }
}
