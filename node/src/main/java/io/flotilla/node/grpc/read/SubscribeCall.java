package io.flotilla.node.grpc.read;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.EventTraces;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.StallWatch;
import io.flotilla.node.grpc.call.StreamWriter;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.types.v1.PartitionOffset;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.v1.GoAway;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One subscription: finds out where to begin, then moves events from {@link SubscribeSources} to
 * the transport for as long as that is ready, and sleeps otherwise.
 *
 * <p>Everything runs on its serial executor; transport, replicas and other nodes only signal.
 * Nothing is read while the transport is not ready, so a reader that does not read costs what its
 * sources keep: one read, or one response. It has no thread of its own.
 */
final class SubscribeCall {

  /** Chunks sent before other calls get the thread. */
  private static final int CHUNKS_A_TURN = 16;

  private final SubscribeRequest request;
  private final Executor serial;
  private final ServerCallStreamObserver<SubscribeResponse> observer;
  private final StreamWriter<SubscribeResponse> writer;
  private final StallWatch stall;
  private final CallScope scope = CallScope.current();
  private final TopicInfo topic;
  private final List<Integer> partitions;
  private final SubscribeSources sources;
  private final int chunkBytes;
  private final Traces traces;
  private final OpenStreams.Leaving leaving = this::goAway;
  private Runnable unregister = () -> {};
  private long sent;
  private boolean started;
  private boolean toldCaughtUp;

  SubscribeCall(
      SubscribeRequest request,
      Router router,
      BatchLimits limits,
      GrpcConfig config,
      CallThreads threads,
      Traces traces,
      ServerCallStreamObserver<SubscribeResponse> observer) {
    this.request = request;
    this.traces = traces;
    this.topic = router.topic(request.getTopic(), request.getTopicId());
    this.partitions = ReadChecks.partitions(request.getPartitionsList(), topic);
    partitions.forEach(partition -> router.partition(topic, partition));
    ReadChecks.subscribe(request, partitions);
    this.serial = threads.serial(this::fail);
    this.observer = observer;
    this.writer = new StreamWriter<>(observer);
    this.stall = new StallWatch(config.streamStallMax(), serial, this::stalled);
    this.chunkBytes = config.subscribeBufferBytes();
    this.sources =
        new SubscribeSources(
            router, topic, scope.direct(), limits, chunkBytes, serial, this::pump, this::fail);
  }

  void begin(StartPositions positions, OpenStreams streams) {
    observer.setOnReadyHandler(() -> serial.execute(this::pump));
    observer.setOnCancelHandler(() -> serial.execute(this::cancelled));
    streams.add(leaving);
    unregister = () -> streams.remove(leaving);
    CompletableFuture<Map<Integer, Long>> ends =
        request.getUntilEnd()
            ? positions.ends(topic, partitions, scope)
            : CompletableFuture.completedFuture(Map.of());
    var unused =
        positions
            .resolve(topic, wanted(), scope)
            .thenCombine(ends, Start::new)
            .whenComplete((start, thrown) -> serial.execute(() -> start(start, thrown)));
  }

  private record Start(Map<Integer, Long> positions, Map<Integer, Long> ends) {}

  private Map<Integer, Position> wanted() {
    Map<Integer, Position> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, request.getFrom()));
    for (PartitionOffset at : request.getResumeList()) {
      wanted.put(at.getPartition(), SubscribeSources.at(at.getOffset()));
    }
    return wanted;
  }

  private void start(@Nullable Start start, @Nullable Throwable thrown) {
    if (thrown != null) {
      fail(thrown);
    } else if (start != null && !writer.ended()) {
      started = true;
      sources.open(start.positions(), start.ends());
      pump();
    }
  }

  private void pump() {
    if (!started || writer.ended()) {
      return;
    }
    writer.drain();
    for (int i = 0; i < CHUNKS_A_TURN && writer.ready(); i++) {
      EventChunk chunk = sources.next(chunkBytes, left());
      if (chunk.isEmpty()) {
        break;
      }
      send(chunk);
      if (left() == 0) {
        complete();
        return;
      }
    }
    if (sources.done()) {
      complete();
      return;
    }
    rest();
  }

  /**
   * Nothing more can be done in this turn: says so if caught up, and sees to it that it goes on.
   */
  private void rest() {
    if (writer.ended()) {
      return;
    }
    boolean more = sources.mayHaveMore();
    if (more && writer.ready()) {
      serial.execute(this::pump);
    } else if (more) {
      stall.blocked();
    } else {
      stall.cleared();
      tellCaughtUp();
    }
  }

  private void tellCaughtUp() {
    if (!toldCaughtUp && writer.ready() && sources.caughtUp()) {
      toldCaughtUp = true;
      writer.send(response().setCaughtUp(true).build());
    }
  }

  private void send(EventChunk chunk) {
    sent += chunk.events().size();
    toldCaughtUp = false;
    stall.cleared();
    if (!scope.direct()) { // Or another node is asked, and will tell.
      EventTraces.delivered(traces, topic.name(), "", chunk.events());
    }
    writer.send(response().addAllEvents(chunk.events()).addAllSkipped(chunk.skipped()).build());
  }

  private SubscribeResponse.Builder response() {
    return SubscribeResponse.newBuilder().setTopicId(topic.topicId());
  }

  private long left() {
    return request.getMaxEvents() == 0 ? Long.MAX_VALUE : request.getMaxEvents() - sent;
  }

  private void stalled() {
    leave(
        GoAway.newBuilder()
            .setMessage("nothing was read for too long though events wait; subscribe again")
            .build());
  }

  private void goAway(GoAway goAway) {
    serial.execute(() -> leave(goAway));
  }

  private void leave(GoAway goAway) {
    end();
    writer.endWith(response().setGoAway(goAway).build());
  }

  private void complete() {
    end();
    writer.complete();
  }

  private void fail(Throwable thrown) {
    if (!writer.ended()) {
      end();
      writer.fail(thrown);
    }
  }

  private void cancelled() {
    writer.cancelled();
    end();
  }

  private void end() {
    stall.cleared();
    unregister.run();
    sources.close();
  }
}
