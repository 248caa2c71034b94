package io.flotilla.node.grpc.publish;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.EventTraces;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Appended;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.TraceContext;
import io.flotilla.node.trace.TraceSpan;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.PartitionOffset;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One unary Publish: checks everything, spreads the events over partitions, appends each share
 * where its leader is, and answers with positions in the order of the request. Nothing is appended
 * unless all shares could be encoded. Used by one call.
 */
final class PublishCall {

  private final Router router;
  private final BatchLimits limits;
  private final Executor executor;
  private final Traces traces;
  private final CallScope scope = CallScope.current();

  PublishCall(Router router, BatchLimits limits, Executor executor, Traces traces) {
    this.router = router;
    this.limits = limits;
    this.executor = executor;
    this.traces = traces;
  }

  CompletableFuture<PublishResponse> run(PublishRequest request) {
    PublishChecks.check(request, limits);
    TopicInfo topic = router.topic(request.getTopic(), request.getTopicId());
    PublishChecks.keys(topic, request.getEventsList());
    List<Event> events = traced(request);
    int[] placed = place(request, topic, events);
    Map<Integer, List<Event>> shares = new LinkedHashMap<>();
    for (int i = 0; i < placed.length; i++) {
      shares.computeIfAbsent(placed[i], p -> new ArrayList<>()).add(events.get(i));
    }
    List<PartitionAppend> appends = new ArrayList<>();
    shares.forEach((partition, share) -> appends.add(append(request, topic, partition, share)));
    TraceSpan span = span(topic, events);
    List<CompletableFuture<Appended>> running =
        appends.stream().map(append -> append.run(span, executor)).toList();
    return CompletableFuture.allOf(running.toArray(CompletableFuture<?>[]::new))
        .whenComplete((done, thrown) -> AppendTrace.end(span, null, thrown))
        .thenApply(done -> answer(topic, placed, new ArrayList<>(shares.keySet()), running));
  }

  /**
   * The events with a timestamp, and, unless they have their own, with the call's trace context;
   * not when they would no longer fit: nothing is refused for that.
   */
  private List<Event> traced(PublishRequest request) {
    List<Event> events = Encoding.stamp(request.getEventsList(), System.currentTimeMillis());
    TraceContext trace = scope.trace();
    if (trace == null) {
      return events;
    }
    long grown = request.getSerializedSize() + (long) events.size() * EventTraces.BYTES_MAX;
    return grown > limits.batchBytesMax() ? events : EventTraces.with(trace, events, limits);
  }

  private TraceSpan span(TopicInfo topic, List<Event> events) {
    if (!traces.on()) {
      return TraceSpan.NONE;
    }
    TraceContext own = scope.trace();
    return traces.publish(
        own != null ? own : EventTraces.sampled(events), topic.name(), events.size());
  }

  /** The partition of each event. */
  private int[] place(PublishRequest request, TopicInfo topic, List<Event> events) {
    int[] placed = new int[events.size()];
    int count = topic.partitionCount();
    int keyless = ThreadLocalRandom.current().nextInt(count);
    for (int i = 0; i < placed.length; i++) {
      Event event = events.get(i);
      placed[i] =
          request.hasPartition()
              ? request.getPartition()
              : event.hasKey() ? Partitioner.partition(event.getKey(), count) : keyless;
    }
    return placed;
  }

  private PartitionAppend append(
      PublishRequest request, TopicInfo topic, int partition, List<Event> share) {
    PartitionId id = router.partition(topic, partition);
    AppendBatch.Builder batch =
        AppendBatch.newBuilder().setBatch(Encoding.encode(share, limits)).setFirstSequence(-1);
    if (request.hasProducer()) {
      batch
          .setProducerId(request.getProducer().getProducerId())
          .setProducerEpoch(request.getProducer().getEpoch())
          .setFirstSequence(request.getFirstSequence());
    }
    return new PartitionAppend(router, topic, id, share, batch.build(), scope, traces);
  }

  private static PublishResponse answer(
      TopicInfo topic,
      int[] placed,
      List<Integer> partitions,
      List<CompletableFuture<Appended>> done) {
    Map<Integer, Long> next = new LinkedHashMap<>();
    boolean duplicate = false;
    for (int i = 0; i < done.size(); i++) {
      Appended appended = done.get(i).join();
      next.put(partitions.get(i), appended.firstOffset());
      duplicate |= appended.duplicate();
    }
    PublishResponse.Builder response =
        PublishResponse.newBuilder().setTopicId(topic.topicId()).setDuplicate(duplicate);
    for (int partition : placed) {
      long offset = next.merge(partition, 1L, Long::sum) - 1;
      response.addPositions(PartitionOffset.newBuilder().setPartition(partition).setOffset(offset));
    }
    return response.build();
  }
}
