package io.flotilla.node.grpc.publish;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.grpc.call.EventTraces;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.Leader;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Appended;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.TraceContext;
import io.flotilla.node.trace.TraceSpan;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.v1.Ack;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Brings each batch of a publish stream to its leader: appended here, or sent on through one {@link
 * PublishProxy} a node. A batch for which a partition here has no room is held, and with it all
 * that come after, until there is. Every batch gets exactly one answer. Confined to the stream's
 * serial executor.
 */
final class BatchRouting implements PublishProxy.Owner {

  private final Router router;
  private final BatchLimits limits;
  private final Traces traces;
  private final boolean direct;
  private final Executor serial;
  private final AnswerLanes lanes;
  private final Runnable progress;
  private final Map<Integer, PublishProxy> proxies = new HashMap<>();
  private boolean holding;
  private boolean ended;

  /**
   * @param progress run after something was answered or held batches may go on
   */
  BatchRouting(
      Router router,
      BatchLimits limits,
      Traces traces,
      boolean direct,
      Executor serial,
      AnswerLanes lanes,
      Runnable progress) {
    this.router = router;
    this.limits = limits;
    this.traces = traces;
    this.direct = direct;
    this.serial = serial;
    this.lanes = lanes;
    this.progress = progress;
  }

  /** A batch waits for room; give no others until progress was run and this is false. */
  boolean holding() {
    return holding;
  }

  void route(AnswerLanes.Pending pending, ProducerSession producer) {
    try {
      PublishBatch batch = pending.batch;
      PublishChecks.check(batch, limits);
      TopicInfo topic = router.topic(batch.getTopic(), batch.getTopicId());
      PartitionId id = router.partition(topic, batch.getPartition());
      if (traces.on()) {
        pending.span = traces.publish(trace(batch), topic.name(), events(batch));
      }
      Route route = router.leaderOf(id);
      if (route instanceof Route.Here) {
        PublishChecks.keys(topic, batch, limits);
        append(pending, id, command(batch, producer));
      } else if (route instanceof Route.There there) {
        forward(pending, there.leader(), producer);
      } else {
        throw FlotillaException.notLeader(
            "no leader is known for the partition: " + ((Route.Nowhere) route).why(), null);
      }
    } catch (RuntimeException e) {
      refused(pending, StatusMapper.refusal(e));
    }
  }

  /** The stream is over: no answers are wanted any more. */
  void end() {
    if (!ended) {
      ended = true;
      boolean idle = lanes.size() == 0;
      proxies.values().forEach(idle ? PublishProxy::finish : PublishProxy::cancel);
      proxies.clear();
    }
  }

  @Override
  public void answered(AnswerLanes.Pending pending, PublishStreamResponse answer) {
    if (answer.hasAck()) {
      pending.span.end(answer.getAck().getFirstOffset());
    } else {
      pending.span.fail(ErrorCatalogue.nameOf(answer.getReject().getFailure().getReason()));
    }
    if (!ended) {
      lanes.answer(pending, answer);
      progress.run();
    }
  }

  @Override
  public void refused(AnswerLanes.Pending pending, FlotillaException refusal) {
    pending.span.fail(ErrorCatalogue.nameOf(refusal.reason()));
    if (!ended) {
      lanes.answer(pending, PublishStreamCall.reject(pending.batch, refusal));
    }
  }

  @Override
  public void gone(PublishProxy proxy) {
    proxies.remove(proxy.nodeId(), proxy);
    if (!ended) {
      progress.run();
    }
  }

  /** As its sender says, since an encoded batch is not opened here; or as its events say. */
  private static @Nullable TraceContext trace(PublishBatch batch) {
    return batch.hasEvents()
        ? EventTraces.sampled(batch.getEvents().getEventsList())
        : TraceContext.parse(batch.getTraceparent(), null);
  }

  private static int events(PublishBatch batch) {
    return batch.hasEvents()
        ? batch.getEvents().getEventsCount()
        : batch.getEncoded().getEventCount();
  }

  private AppendBatch command(PublishBatch batch, ProducerSession producer) {
    EventBatch content =
        batch.hasEncoded()
            ? batch.getEncoded()
            : Encoding.encode(
                Encoding.stamp(batch.getEvents().getEventsList(), System.currentTimeMillis()),
                limits);
    AppendBatch.Builder command = AppendBatch.newBuilder().setBatch(content).setFirstSequence(-1);
    if (batch.hasFirstSequence()) {
      command
          .setProducerId(producer.getProducerId())
          .setProducerEpoch(producer.getEpoch())
          .setFirstSequence(batch.getFirstSequence());
    }
    return command.build();
  }

  private void append(AnswerLanes.Pending pending, PartitionId id, AppendBatch command) {
    Partition partition = router.local(id);
    if (partition == null) {
      throw FlotillaException.notLeader("the partition is not open on this node yet", null);
    }
    PublishBatch batch = pending.batch;
    TraceSpan span =
        traces.append(pending.span, batch.getTopic(), batch.getPartition(), events(batch));
    CompletableFuture<Appended> appended = partition.append(command);
    if (throttled(appended)) {
      span.fail(ErrorCatalogue.nameOf(ErrorReason.ERROR_REASON_THROTTLED));
      holding = true;
      partition.awaitRoom(
          () ->
              serial.execute(
                  () -> {
                    holding = false;
                    tryAgain(pending, id, command);
                    progress.run();
                  }));
      return;
    }
    var unused =
        appended.whenComplete(
            (result, thrown) ->
                serial.execute(
                    () -> {
                      AppendTrace.end(span, result, thrown);
                      if (thrown == null) {
                        answered(pending, ack(pending.batch, id, result));
                      } else {
                        refused(pending, StatusMapper.refusal(thrown));
                        progress.run();
                      }
                    }));
  }

  private void tryAgain(AnswerLanes.Pending pending, PartitionId id, AppendBatch command) {
    if (ended) {
      return;
    }
    try {
      append(pending, id, command);
    } catch (RuntimeException e) {
      refused(pending, StatusMapper.refusal(e));
    }
  }

  private static boolean throttled(CompletableFuture<Appended> appended) {
    return appended.isCompletedExceptionally()
        && appended.handle((ok, thrown) -> reason(thrown)).join()
            == ErrorReason.ERROR_REASON_THROTTLED;
  }

  private static @Nullable ErrorReason reason(@Nullable Throwable thrown) {
    return thrown == null ? null : StatusMapper.refusal(thrown).reason();
  }

  private void forward(AnswerLanes.Pending pending, Leader leader, ProducerSession producer) {
    if (direct) {
      throw FlotillaException.notLeader("the partition is led by node " + leader.nodeId(), leader);
    }
    PublishProxy proxy = proxies.get(leader.nodeId());
    if (proxy == null) {
      proxy = new PublishProxy(this, serial, leader.nodeId());
      proxy.open(router.channel(leader.nodeId()), producer);
      proxies.put(leader.nodeId(), proxy);
    }
    proxy.send(pending);
  }

  private static PublishStreamResponse ack(PublishBatch batch, PartitionId id, Appended result) {
    return PublishStreamResponse.newBuilder()
        .setAck(
            Ack.newBuilder()
                .setBatchId(batch.getBatchId())
                .setTopicId(id.topicId())
                .setPartition(id.partition())
                .setFirstOffset(result.firstOffset())
                .setAppendTimeUnixMs(result.appendTimeMs())
                .setDuplicate(result.duplicate()))
        .build();
  }
}
