package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.DescribeReplicasRequest;
import io.flotilla.proto.internal.v1.DescribeReplicasResponse;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every node for its replicas and disk, all at once, and gives them two seconds. Safe. */
final class ReplicaCollector {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaCollector.class);
  private static final Duration ASKING_MAX = Duration.ofSeconds(2);

  private final Router router;
  private final SelfPicture self;

  ReplicaCollector(Router router, SelfPicture self) {
    this.router = router;
    this.self = self;
  }

  /**
   * What a node told.
   *
   * @param clockAheadMs by how much its clock is ahead of the one here, give or take half of the
   *     time that asking took; null when it did not say
   */
  record Told(DescribeReplicasResponse answer, @Nullable Long clockAheadMs) {}

  /** What each node told; nodes that did not answer are missing. */
  CompletableFuture<Map<Integer, Told>> collect(MetadataImage image, CallScope scope) {
    CallScope asking = scope.asking(ASKING_MAX);
    Map<Integer, CompletableFuture<Optional<Told>>> asked = new HashMap<>();
    for (int node : image.nodes().keySet()) {
      asked.put(node, ask(node, asking));
    }
    return CompletableFuture.allOf(
            new ArrayList<>(asked.values()).toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              Map<Integer, Told> told = new HashMap<>();
              asked.forEach(
                  (node, answer) -> answer.join().ifPresent(response -> told.put(node, response)));
              return told;
            });
  }

  private CompletableFuture<Optional<Told>> ask(int node, CallScope asking) {
    if (node == router.nodeId()) {
      return CompletableFuture.completedFuture(Optional.of(new Told(self.replicas(), 0L)));
    }
    long sentMs = self.clockMs();
    CompletableFuture<DescribeReplicasResponse> answer;
    try {
      answer =
          PeerCalls.future(
              asking
                  .toPeer(PeerServiceGrpc.newFutureStub(router.channel(node)))
                  .describeReplicas(DescribeReplicasRequest.getDefaultInstance()));
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.handle(
        (told, thrown) -> {
          if (thrown != null) {
            LOG.debug("a node does not tell its replicas node={}", node, thrown);
            return Optional.empty();
          }
          return Optional.of(new Told(told, ahead(told.getTimeUnixMs(), sentMs)));
        });
  }

  /** Nodes of an earlier version do not tell their clock. */
  private @Nullable Long ahead(long theirsMs, long sentMs) {
    return theirsMs == 0 ? null : (Long) (theirsMs - (sentMs + self.clockMs()) / 2);
  }
}
