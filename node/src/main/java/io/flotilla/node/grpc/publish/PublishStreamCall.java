package io.flotilla.node.grpc.publish;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.CallThreads.Alarm;
import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.grpc.call.StreamWriter;
import io.flotilla.node.metrics.RequestMeters;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.GoAway;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.Opened;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.Reject;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One PublishStream: reads batches as the window and the client's own reading allow, hands them to
 * {@link BatchRouting}, and writes the answers.
 *
 * <p>Everything runs on the stream's serial executor; callbacks of gRPC, Raft and other nodes only
 * hand off to it. Batches are asked for a few at a time. While a partition has no room, while
 * answers wait for the transport, or when a client floods beyond its window, no more are asked for,
 * and HTTP/2 holds the client back. So it keeps at most two windows of batches and their answers. A
 * window that shrank is enforced by reading on only below it: what a client sent before it was told
 * is not refused.
 */
final class PublishStreamCall implements StreamObserver<PublishStreamRequest> {

  private static final int ASKED_MAX = 4;

  private final GrpcConfig config;
  private final PublishWindows windows;
  private final RequestMeters requests;
  private final BatchLimits limits;
  private final Router router;
  private final Executor serial;
  private final ServerCallStreamObserver<PublishStreamResponse> observer;
  private final StreamWriter<PublishStreamResponse> writer;
  private final AnswerLanes lanes;
  private final BatchRouting routing;
  private final Deque<PublishBatch> received = new ArrayDeque<>();
  private final OpenStreams.Leaving leaving = this::goAway;
  private final Runnable windowChanged = this::windowChanged;
  private Runnable unregister = () -> {};
  private Alarm alarm = () -> {};
  private @Nullable ProducerSession producer;
  private boolean opening;
  private boolean halfClosed;
  private int asked;

  PublishStreamCall(
      Router router,
      BatchLimits limits,
      GrpcConfig config,
      PublishWindows windows,
      RequestMeters requests,
      CallThreads threads,
      Traces traces,
      ServerCallStreamObserver<PublishStreamResponse> observer) {
    this.config = config;
    this.windows = windows;
    this.requests = requests;
    this.limits = limits;
    this.router = router;
    this.serial = threads.serial(this::fail);
    this.observer = observer;
    this.writer = new StreamWriter<>(observer);
    this.lanes =
        new AnswerLanes(config.publishWindowBatches(), config.publishWindowBytes(), this::answer);
    this.routing =
        new BatchRouting(
            router, limits, traces, CallScope.current().direct(), serial, lanes, this::proceed);
  }

  StreamObserver<PublishStreamRequest> begin(OpenStreams streams) {
    observer.disableAutoRequest();
    observer.setOnReadyHandler(() -> serial.execute(this::proceed));
    observer.setOnCancelHandler(() -> serial.execute(this::cancelled));
    streams.add(leaving);
    windows.join(windowChanged);
    unregister =
        () -> {
          streams.remove(leaving);
          windows.leave(windowChanged);
        };
    serial.execute(
        () -> {
          alarm =
              CallThreads.after(config.firstMessageMax().toMillis(), serial, this::refuseSilence);
          ask(1);
        });
    return this;
  }

  @Override
  public void onNext(PublishStreamRequest request) {
    serial.execute(
        () -> {
          asked--;
          receive(request);
          proceed();
        });
  }

  @Override
  public void onError(Throwable thrown) {
    serial.execute(this::cancelled);
  }

  @Override
  public void onCompleted() {
    serial.execute(
        () -> {
          halfClosed = true;
          proceed();
        });
  }

  private void receive(PublishStreamRequest request) {
    switch (request.getRequestCase()) {
      case OPEN -> open(request.getOpen());
      case BATCH -> {
        if (producer == null) {
          throw FlotillaException.invalid("the first request of the stream must be open");
        }
        received.add(request.getBatch());
      }
      case REQUEST_NOT_SET -> throw FlotillaException.invalid("a request needs open or batch");
    }
  }

  private void open(OpenPublish open) {
    if (opening) {
      throw FlotillaException.invalid("open must be sent once only");
    }
    opening = true;
    alarm.cancel();
    ProducerService.checkName(open.getProducerName());
    if (open.hasResume()) {
      PublishChecks.session(open.getResume());
      opened(open.getResume());
      return;
    }
    var unused =
        router
            .openProducer(open.getProducerName())
            .whenComplete(
                (identity, thrown) ->
                    serial.execute(
                        () -> {
                          if (thrown != null) {
                            fail(thrown);
                          } else {
                            opened(
                                ProducerSession.newBuilder()
                                    .setProducerId(identity.id())
                                    .setEpoch(identity.epoch())
                                    .build());
                            proceed();
                          }
                        }));
  }

  private void opened(ProducerSession session) {
    producer = session;
    writer.send(
        PublishStreamResponse.newBuilder()
            .setOpened(
                Opened.newBuilder()
                    .setProducer(session)
                    .setBatchBytesMax(limits.batchBytesMax())
                    .setWindow(windows.current()))
            .build());
  }

  private void windowChanged() {
    serial.execute(
        () -> {
          if (producer != null && !writer.ended()) {
            writer.send(PublishStreamResponse.newBuilder().setWindow(windows.current()).build());
            proceed();
          }
        });
  }

  /** Does what can be done now: write answers, route batches, ask for more, end. */
  private void proceed() {
    writer.drain();
    ProducerSession session = producer;
    while (session != null && !received.isEmpty() && !routing.holding() && !writer.ended()) {
      route(received.remove(), session);
    }
    if (writer.ended()) {
      return;
    }
    if (halfClosed && received.isEmpty() && lanes.size() == 0 && !(opening && session == null)) {
      end();
      writer.complete();
    } else if (session != null && !halfClosed && mayAsk()) {
      ask(ASKED_MAX - asked);
    }
  }

  private void route(PublishBatch batch, ProducerSession session) {
    AnswerLanes.Pending pending = lanes.take(batch);
    if (pending.counted()) {
      routing.route(pending, session);
    } else {
      routing.refused(
          pending,
          new FlotillaException(
              ErrorReason.ERROR_REASON_STREAM_LIMIT,
              "more is in flight than the window allows: "
                  + config.publishWindowBatches()
                  + " batches, "
                  + config.publishWindowBytes()
                  + " bytes"));
    }
  }

  private void answer(PublishStreamResponse answer) {
    requests.batchAnswered(
        answer.hasReject()
            ? ErrorCatalogue.nameOf(answer.getReject().getFailure().getReason())
            : RequestMeters.OK);
    writer.send(answer);
  }

  private boolean mayAsk() {
    return !routing.holding()
        && !writer.behind()
        && lanes.size() < 2 * config.publishWindowBatches()
        && lanes.bytes() < windows.current().getBytes()
        && asked < ASKED_MAX;
  }

  private void ask(int count) {
    asked += count;
    observer.request(count);
  }

  private void refuseSilence() {
    if (!opening) {
      fail(FlotillaException.invalid("no open arrived within " + config.firstMessageMax()));
    }
  }

  private void goAway(GoAway goAway) {
    serial.execute(
        () -> {
          writer.send(PublishStreamResponse.newBuilder().setGoAway(goAway).build());
          alarm =
              CallThreads.after(
                  Math.max(1, goAway.getGraceMs()),
                  serial,
                  () ->
                      fail(
                          new FlotillaException(
                              ErrorReason.ERROR_REASON_SHUTTING_DOWN, goAway.getMessage())));
        });
  }

  private void fail(Throwable thrown) {
    if (!writer.ended()) {
      received.clear();
      end();
      writer.fail(thrown);
    }
  }

  private void cancelled() {
    writer.cancelled();
    received.clear();
    end();
  }

  private void end() {
    alarm.cancel();
    unregister.run();
    routing.end();
  }

  /** A refusal of one batch, on the wire. */
  static PublishStreamResponse reject(PublishBatch batch, FlotillaException refusal) {
    return PublishStreamResponse.newBuilder()
        .setReject(
            Reject.newBuilder()
                .setBatchId(batch.getBatchId())
                .setFailure(StatusMapper.toFailure(refusal)))
        .build();
  }
}
