package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.grpc.call.Retrying;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.TrimPartitionRequest;
import io.flotilla.proto.v1.TrimPartitionResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One TrimPartition, run by the partition's leader: here, or passed on. Repeating it does no harm,
 * so unknown outcomes are tried again.
 */
record TrimCall(Router router, TrimPartitionRequest request, CallScope scope, Executor executor) {

  /** As before_offset: all events that there are. */
  private static final long HIGH_WATERMARK = -1;

  CompletableFuture<TrimPartitionResponse> run() {
    if (request.getBeforeOffset() < HIGH_WATERMARK) {
      throw FlotillaException.invalid(
          "before_offset is "
              + request.getBeforeOffset()
              + "; allowed are 0 to the high watermark, and -1 = the high watermark");
    }
    TopicInfo topic = router.topic(request.getTopic(), request.getTopicId());
    PartitionId id = router.partition(topic, request.getPartition());
    if (!topic.deletes()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_POLICY_VIOLATION,
          "topic \"" + topic.name() + "\" has cleanup=compact: its events go by their keys alone");
    }
    // By id, so that repeating it cannot trim a successor of that name.
    TrimPartitionRequest exact = request.toBuilder().setTopicId(topic.topicId()).build();
    return new Retrying(scope, true, executor).run(() -> attempt(id, exact));
  }

  private CompletableFuture<TrimPartitionResponse> attempt(
      PartitionId id, TrimPartitionRequest exact) {
    Route route = router.leaderOf(id);
    Partition local = router.local(id);
    if (route instanceof Route.Here && local != null) {
      return here(local)
          .thenApply(start -> TrimPartitionResponse.newBuilder().setLogStartOffset(start).build());
    }
    if (route instanceof Route.There there && !scope.direct()) {
      var stub = AdminServiceGrpc.newFutureStub(router.channel(there.leader().nodeId()));
      return PeerCalls.future(scope.toPeer(stub).trimPartition(exact));
    }
    return CompletableFuture.failedFuture(
        FlotillaException.notLeader(
            "this node does not lead partition " + id,
            route instanceof Route.There there ? there.leader() : null));
  }

  private CompletableFuture<Long> here(Partition local) {
    long before = request.getBeforeOffset();
    return before == HIGH_WATERMARK
        ? local.end().thenComposeAsync(local::trim, executor)
        : local.trim(before);
  }
}
