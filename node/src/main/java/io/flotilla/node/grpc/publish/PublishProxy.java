package io.flotilla.node.grpc.publish;

import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Retry;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.Reject;
import io.flotilla.proto.v1.Window;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A publish stream's own stream to the node that leads some of its partitions, as the same
 * producer. Keeps to the window of that node; what waits here is bounded by the window that the
 * client has. When it breaks, batches that had been sent have an unknown outcome, the others were
 * not written. Confined to the stream's serial executor, which it is handed.
 */
final class PublishProxy {

  /** What the stream that owns it hears, on its serial executor. */
  interface Owner {
    void answered(AnswerLanes.Pending pending, PublishStreamResponse answer);

    void refused(AnswerLanes.Pending pending, FlotillaException refusal);

    /** Nothing must be sent through it any more. */
    void gone(PublishProxy proxy);
  }

  private record Sent(AnswerLanes.Pending pending, long bytes) {}

  private final Owner owner;
  private final Executor serial;
  private final int nodeId;
  private final Deque<Sent> waiting = new ArrayDeque<>();
  private final Map<Long, Sent> sent = new HashMap<>();
  private @Nullable ClientCallStreamObserver<PublishStreamRequest> requests;
  private Window window = Window.getDefaultInstance();
  private long lastId;
  private long bytesInFlight;
  private boolean leaving;
  private boolean over;

  PublishProxy(Owner owner, Executor serial, int nodeId) {
    this.owner = owner;
    this.serial = serial;
    this.nodeId = nodeId;
  }

  int nodeId() {
    return nodeId;
  }

  void open(Channel channel, ProducerSession producer) {
    var unused =
        CallScope.direct(ProducerServiceGrpc.newStub(channel)).publishStream(new Answers());
    requests()
        .onNext(
            PublishStreamRequest.newBuilder()
                .setOpen(OpenPublish.newBuilder().setResume(producer))
                .build());
  }

  void send(AnswerLanes.Pending pending) {
    waiting.add(new Sent(pending, pending.batch.getSerializedSize()));
    pump();
  }

  /** The owner has no more batches. */
  void finish() {
    leaving = true;
    pump();
  }

  /** The owner is gone. */
  void cancel() {
    if (!over) {
      over = true;
      requests().cancel("the client is gone", null);
    }
  }

  private ClientCallStreamObserver<PublishStreamRequest> requests() {
    ClientCallStreamObserver<PublishStreamRequest> opened = requests;
    if (opened == null) {
      throw new IllegalStateException("the stream to node " + nodeId + " is not open");
    }
    return opened;
  }

  private void pump() {
    while (!over && !waiting.isEmpty() && requests().isReady() && fits(waiting.element())) {
      Sent next = waiting.remove();
      long id = ++lastId;
      sent.put(id, next);
      bytesInFlight += next.bytes();
      PublishBatch batch = next.pending().batch.toBuilder().setBatchId(id).build();
      requests().onNext(PublishStreamRequest.newBuilder().setBatch(batch).build());
    }
    if (!over && leaving && waiting.isEmpty() && sent.isEmpty()) {
      over = true;
      requests().onCompleted();
    }
  }

  private boolean fits(Sent next) {
    return sent.size() < window.getBatches()
        && (sent.isEmpty() || bytesInFlight + next.bytes() <= window.getBytes());
  }

  private void receive(PublishStreamResponse response) {
    switch (response.getResponseCase()) {
      case OPENED -> window = response.getOpened().getWindow();
      case WINDOW -> window = response.getWindow();
      case ACK -> {
        AnswerLanes.Pending done = done(response.getAck().getBatchId());
        owner.answered(
            done,
            PublishStreamResponse.newBuilder()
                .setAck(response.getAck().toBuilder().setBatchId(done.batch.getBatchId()))
                .build());
      }
      case REJECT -> {
        Reject reject = response.getReject();
        AnswerLanes.Pending done = done(reject.getBatchId());
        owner.answered(
            done,
            PublishStreamResponse.newBuilder()
                .setReject(reject.toBuilder().setBatchId(done.batch.getBatchId()))
                .build());
      }
      case GO_AWAY -> {
        leaving = true;
        owner.gone(this);
      }
      case RESPONSE_NOT_SET -> {}
    }
    pump();
  }

  private AnswerLanes.Pending done(long id) {
    Sent done = sent.remove(id);
    if (done == null) {
      throw new IllegalStateException(
          "node " + nodeId + " answered batch " + id + ", which is not in flight");
    }
    bytesInFlight -= done.bytes();
    return done.pending();
  }

  private void broken(FlotillaException why) {
    over = true;
    FlotillaException unknown =
        new FlotillaException(
            ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN,
            "the stream to the leader, node " + nodeId + ", broke: " + why.getMessage());
    FlotillaException unsent =
        ErrorCatalogue.retry(why.reason()) == Retry.RETRY_ELSEWHERE
            ? why
            : new FlotillaException(
                ErrorReason.ERROR_REASON_NODE_UNREACHABLE,
                "the stream to the leader, node " + nodeId + ", broke: " + why.getMessage());
    sent.values().forEach(lost -> owner.refused(lost.pending(), unknown));
    sent.clear();
    waiting.forEach(lost -> owner.refused(lost.pending(), unsent));
    waiting.clear();
    owner.gone(this);
  }

  /** Runs on the channel's threads; hands off. */
  private final class Answers
      implements ClientResponseObserver<PublishStreamRequest, PublishStreamResponse> {

    @Override
    public void beforeStart(ClientCallStreamObserver<PublishStreamRequest> stream) {
      requests = stream;
      stream.setOnReadyHandler(() -> serial.execute(PublishProxy.this::pump));
    }

    @Override
    public void onNext(PublishStreamResponse response) {
      serial.execute(
          () -> {
            if (!over) {
              receive(response);
            }
          });
    }

    @Override
    public void onError(Throwable thrown) {
      serial.execute(
          () -> {
            if (!over) {
              broken(StatusMapper.fromPeer(thrown));
            }
          });
    }

    @Override
    public void onCompleted() {
      serial.execute(
          () -> {
            if (!over) {
              broken(
                  new FlotillaException(
                      ErrorReason.ERROR_REASON_SHUTTING_DOWN, "the node ended the stream"));
            }
          });
    }
  }
}
