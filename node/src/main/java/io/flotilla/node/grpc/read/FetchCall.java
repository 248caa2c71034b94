package io.flotilla.node.grpc.read;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.EventTraces;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.grpc.call.Retrying;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.partition.ReadResult;
import io.flotilla.node.partition.Waiter;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.FetchResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One unary Fetch: reads from the replica here or asks a node that has one. At the end of the log
 * it waits for a signal, no longer than asked and than the deadline allows, and no thread waits
 * with it.
 */
final class FetchCall {

  private final Router router;
  private final BatchLimits limits;
  private final GrpcConfig config;
  private final StartPositions positions;
  private final Executor executor;
  private final Traces traces;
  private final CallScope scope = CallScope.current();

  FetchCall(
      Router router,
      BatchLimits limits,
      GrpcConfig config,
      StartPositions positions,
      Executor executor,
      Traces traces) {
    this.router = router;
    this.limits = limits;
    this.config = config;
    this.positions = positions;
    this.executor = executor;
    this.traces = traces;
  }

  CompletableFuture<FetchResponse> run(FetchRequest request) {
    ReadChecks.fetch(request);
    TopicInfo topic = router.topic(request.getTopic(), request.getTopicId());
    PartitionId id = router.partition(topic, request.getPartition());
    return new Retrying(scope, true, executor).run(() -> attempt(request, topic, id));
  }

  private CompletableFuture<FetchResponse> attempt(
      FetchRequest request, TopicInfo topic, PartitionId id) {
    Route route = router.readerOf(id);
    Partition local = router.readable(id);
    if (local != null) {
      return positions
          .resolve(topic, Map.of(id.partition(), SubscribeSources.at(request.getOffset())), scope)
          .thenCompose(valid -> awaitData(local, request))
          .thenApplyAsync(ready -> read(local, request), executor);
    }
    if (route instanceof Route.There there && !scope.direct()) {
      FetchRequest forwarded = request.toBuilder().setTopicId(id.topicId()).build();
      return PeerCalls.future(
          scope
              .toPeer(ConsumerServiceGrpc.newFutureStub(router.channel(there.leader().nodeId())))
              .fetch(forwarded));
    }
    return CompletableFuture.failedFuture(
        FlotillaException.notLeader(
            "this node has no open replica of partition " + topic.name() + "/" + id.partition(),
            route instanceof Route.There there ? there.leader() : null));
  }

  private CompletableFuture<Void> awaitData(Partition local, FetchRequest request) {
    long waitMs = Math.min(request.getMaxWaitMs(), scope.left().toMillis() / 2);
    if (waitMs <= 0 || request.getOffset() < local.highWatermark()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> there = new CompletableFuture<>();
    Waiter waiter = local.awaitBeyond(request.getOffset(), () -> there.complete(null));
    return there
        .completeOnTimeout(null, waitMs, TimeUnit.MILLISECONDS)
        .whenComplete((done, thrown) -> waiter.cancel());
  }

  private FetchResponse read(Partition local, FetchRequest request) {
    if (local.closed()) {
      router.topic(request.getTopic(), local.id().topicId());
      throw FlotillaException.notLeader("the replica on this node was closed", null);
    }
    int bytesMax = request.getMaxBytes() == 0 ? config.fetchBufferBytes() : request.getMaxBytes();
    FetchResponse.Builder response = FetchResponse.newBuilder().setTopicId(local.id().topicId());
    if (request.getEncoded()) {
      ReadResult read = local.read(request.getOffset(), bytesMax);
      new Delivery(local.traffic()).batches(read.batches());
      return response
          .addAllBatches(read.batches())
          .setNextOffset(read.nextOffset())
          .setHighWatermark(read.highWatermark())
          .setLogStartOffset(read.logStartOffset())
          .build();
    }
    LocalEvents events =
        new LocalEvents(local, request.getOffset(), Long.MAX_VALUE, limits, bytesMax, () -> {});
    EventChunk chunk = events.next(bytesMax, Long.MAX_VALUE);
    EventTraces.delivered(traces, request.getTopic(), "", chunk.events());
    return response
        .addAllEvents(chunk.events())
        .addAllSkipped(chunk.skipped())
        .setNextOffset(events.position())
        .setHighWatermark(local.highWatermark())
        .setLogStartOffset(local.logStartOffset())
        .build();
  }
}
