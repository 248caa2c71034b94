package io.flotilla.node.grpc.verify;

import io.flotilla.node.core.log.LogDigest;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.grpc.verify.ReplicaSource.Told;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.DigestReplicaRequest;
import io.flotilla.proto.internal.v1.DigestReplicaResponse;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.internal.v1.RebuildReplicaRequest;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Digests of replicas, here or on another node. Safe. */
public final class ReplicaDigests {

  /** The most that one digest reads: it holds a thread of its node meanwhile. */
  static final int BYTES_MAX = 16 << 20;

  private static final Duration ASKING_MAX = Duration.ofSeconds(20);

  private final Router router;
  private final Executor executor;

  /**
   * @param executor where this node's own disk is read
   */
  public ReplicaDigests(Router router, Executor executor) {
    this.router = router;
    this.executor = executor;
  }

  /** Asks nodes, all at once, and waits for what they tell, in the end by its deadline. */
  Map<Integer, Told> ask(Collection<Integer> nodes, DigestReplicaRequest request, CallScope scope) {
    Map<Integer, CompletableFuture<DigestReplicaResponse>> asked = new HashMap<>();
    // Others first: this node's own may be read on this thread.
    nodes.stream()
        .sorted(Comparator.comparing(node -> node == router.nodeId()))
        .forEach(node -> asked.put(node, ask(node, request, scope)));
    Map<Integer, Told> told = new HashMap<>();
    asked.forEach((node, answer) -> told.put(node, await(answer)));
    return told;
  }

  private static Told await(CompletableFuture<DigestReplicaResponse> answer) {
    try {
      return new Told(answer.join(), null);
    } catch (CompletionException e) {
      if (e.getCause() instanceof FlotillaException refusal) {
        return new Told(null, refusal);
      }
      throw e;
    }
  }

  /** Has another node rebuild its replica; waits until it has heard. */
  void tell(int node, RebuildReplicaRequest request, CallScope scope) {
    var stub = PeerServiceGrpc.newFutureStub(router.channel(node));
    PeerCalls.future(scope.toPeer(stub).rebuildReplica(request)).join();
  }

  /** Asks a node. Fails with a {@link FlotillaException} when it does not answer. */
  private CompletableFuture<DigestReplicaResponse> ask(
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
  public DigestReplicaResponse here(DigestReplicaRequest request) {
    if (request.getBytesMax() < 0 || request.getBytesMax() > BYTES_MAX) {
      throw FlotillaException.invalid("bytes_max must be 0 to " + BYTES_MAX);
    }
    PartitionId id = id(request.getPartitionId());
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

  /** Checks what a peer sent for a partition's number. */
  public static PartitionId id(long number) {
    if ((int) (number >>> 32) < 1 || (int) number < 0) {
      throw FlotillaException.invalid("partition_id is not that of a partition");
    }
    return PartitionId.of(number);
  }
}
