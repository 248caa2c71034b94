package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.log.LogDigest;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.internal.v1.DigestReplicaResponse;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Digests of replicas, here or on another node. Safe. */
final class ReplicaDigests {

  /** The most that one digest reads: it holds a thread of its node meanwhile. */
  static final int BYTES_MAX = 16 << 20;

  private static final Duration ASKING_MAX = Duration.ofSeconds(20);

  private final Router router;
  private final Executor executor;

  /**
   * @param executor where this node's own disk is read
   */
  ReplicaDigests(Router router, Executor executor) {
    this.router = router;
    this.executor = executor;
  }

  /** Asks a node. Fails with a {@link FlotillaException} when it does not answer. */
  CompletableFuture<DigestReplicaResponse> ask(
      int node, DigestReplicaRequest request, CallScope scope) {
    if (node == router.nodeId()) {
      return CompletableFuture.supplyAsync(() -> here(request), executor);
    }
    try {
      return PeerCalls.future(
          scope
              .asking(ASKING_MAX)
              .toPeer(PeerServiceGrpc.newFutureStub(router.channel(node)))
              .digestReplica(request));
    } catch (FlotillaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** This node's answer. Blocks on the disk. */
  DigestReplicaResponse here(DigestReplicaRequest request) {
    if (request.getBytesMax() < 0 || request.getBytesMax() > BYTES_MAX) {
      throw FlotillaException.invalid("bytes_max must be 0 to " + BYTES_MAX);
    }
    long number = request.getPartitionId();
    if ((int) (number >>> 32) < 1 || (int) number < 0) {
      throw FlotillaException.invalid("partition_id is not that of a partition");
    }
    PartitionId id = PartitionId.of(request.getPartitionId());
    Partition partition = router.local(id);
    if (partition == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND,
          "node " + router.nodeId() + " has no open replica of partition " + id);
    }
    DigestReplicaResponse.Builder answer = DigestReplicaResponse.newBuilder();
    long removed = partition.state().getCompaction().getRemovedEvents();
    if (request.getFromOffset() < request.getToOffset()) {
      LogDigest digest =
          partition.digest(request.getFromOffset(), request.getToOffset(), request.getBytesMax());
      answer
          .setReachedOffset(digest.reachedOffset())
          .setBatches(digest.batches())
          .setEvents(digest.events())
          .setBytes(digest.bytes())
          .setSha256(digest.sha256())
          .setCorrupt(digest.corrupt());
    }
    PartitionState state = partition.state();
    return answer
        .setLogStartOffset(state.getLogStartOffset())
        .setHighWatermark(state.getNextOffset())
        .setChain(state.getChain())
        .setRemovedEvents(state.getCompaction().getRemovedEvents())
        .setCompactedMeanwhile(state.getCompaction().getRemovedEvents() != removed)
        .build();
  }
}
