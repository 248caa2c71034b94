package io.flotilla.node.grpc.publish;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.grpc.call.Retrying;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Appended;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.TraceSpan;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Appends the events of one partition wherever its leader is: here, or by sending a Publish for
 * this partition alone to the leader's node. Definite refusals are tried again until the call's
 * time is up; an unknown outcome only when producer and sequence make that safe. Immutable.
 */
final class PartitionAppend {

  private final Router router;
  private final TopicInfo topic;
  private final PartitionId id;
  private final List<Event> events;
  private final AppendBatch batch;
  private final CallScope scope;
  private final Traces traces;

  /**
   * @param events as they are sent on to another node
   * @param batch the same, encoded, as they are appended here
   */
  PartitionAppend(
      Router router,
      TopicInfo topic,
      PartitionId id,
      List<Event> events,
      AppendBatch batch,
      CallScope scope,
      Traces traces) {
    this.router = router;
    this.topic = topic;
    this.id = id;
    this.events = events;
    this.batch = batch;
    this.scope = scope;
    this.traces = traces;
  }

  /**
   * @param publish the call, as it is told of
   */
  CompletableFuture<Appended> run(TraceSpan publish, Executor executor) {
    boolean numbered = batch.getFirstSequence() >= 0;
    return new Retrying(scope, numbered, executor).run(() -> attempt(publish));
  }

  private CompletableFuture<Appended> attempt(TraceSpan publish) {
    Route route = router.leaderOf(id);
    if (route instanceof Route.Here) {
      Partition partition = router.local(id);
      return partition == null
          ? CompletableFuture.failedFuture(
              FlotillaException.notLeader(name() + " is not open on this node yet", null))
          : append(partition, publish);
    }
    if (route instanceof Route.There there) {
      return scope.direct()
          ? CompletableFuture.failedFuture(
              FlotillaException.notLeader(
                  name() + " is led by node " + there.leader().nodeId(), there.leader()))
          : forward(there.leader().nodeId(), publish);
    }
    return CompletableFuture.failedFuture(
        FlotillaException.notLeader(
            name() + " has no known leader: " + ((Route.Nowhere) route).why(), null));
  }

  private CompletableFuture<Appended> append(Partition partition, TraceSpan publish) {
    TraceSpan span = traces.append(publish, topic.name(), id.partition(), events.size());
    CompletableFuture<Appended> appended = partition.append(batch);
    return span.recorded()
        ? appended.whenComplete((done, thrown) -> AppendTrace.end(span, done, thrown))
        : appended;
  }

  private CompletableFuture<Appended> forward(int nodeId, TraceSpan publish) {
    PublishRequest.Builder request =
        PublishRequest.newBuilder()
            .setTopic(topic.name())
            .setTopicId(id.topicId())
            .setPartition(id.partition())
            .addAllEvents(events);
    if (batch.getFirstSequence() >= 0) {
      request
          .setProducer(
              ProducerSession.newBuilder()
                  .setProducerId(batch.getProducerId())
                  .setEpoch(batch.getProducerEpoch()))
          .setFirstSequence(batch.getFirstSequence());
    }
    return PeerCalls.future(
            CallScope.traced(
                    scope.toPeer(ProducerServiceGrpc.newFutureStub(router.channel(nodeId))),
                    publish.context())
                .publish(request.build()))
        .thenApply(PartitionAppend::appended);
  }

  private static Appended appended(PublishResponse response) {
    if (response.getPositionsCount() == 0) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN, "the leader answered without positions");
    }
    return new Appended(response.getPositions(0).getOffset(), 0, response.getDuplicate());
  }

  private String name() {
    return "partition " + topic.name() + "/" + id.partition();
  }
}
