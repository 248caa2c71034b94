package io.flotilla.client.toy;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.Ack;
import io.flotilla.proto.v1.GoAway;
import io.flotilla.proto.v1.OpenProducerRequest;
import io.flotilla.proto.v1.OpenProducerResponse;
import io.flotilla.proto.v1.Opened;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.Reject;
import io.flotilla.proto.v1.Window;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;

/** Publishing, with the faults that were ordered. */
final class ToyProducerService extends ProducerServiceGrpc.ProducerServiceImplBase {

  private final ToyNode node;
  private final ToyCluster cluster;

  ToyProducerService(ToyNode node) {
    this.node = node;
    this.cluster = node.cluster;
  }

  @Override
  public void openProducer(
      OpenProducerRequest request, StreamObserver<OpenProducerResponse> observer) {
    observer.onNext(
        OpenProducerResponse.newBuilder().setProducer(cluster.open(request.getName())).build());
    observer.onCompleted();
  }

  @Override
  public StreamObserver<PublishStreamRequest> publishStream(
      StreamObserver<PublishStreamResponse> observer) {
    return new Call(
        (ServerCallStreamObserver<PublishStreamResponse>) observer, ToyNode.DIRECT.get());
  }

  /** One stream. Answers go through one thread, in order. */
  private final class Call implements StreamObserver<PublishStreamRequest> {
    private final ServerCallStreamObserver<PublishStreamResponse> observer;
    private final boolean direct;
    private final Runnable cutter = this::cut;
    private final Runnable leaver = this::leave;
    private ProducerSession session = ProducerSession.getDefaultInstance();
    private volatile boolean over;

    Call(ServerCallStreamObserver<PublishStreamResponse> observer, boolean direct) {
      this.observer = observer;
      this.direct = direct;
      observer.setOnCancelHandler(this::forget);
      node.streams.add(cutter);
      node.leavers.add(leaver);
    }

    private void forget() {
      over = true;
      node.streams.remove(cutter);
      node.leavers.remove(leaver);
    }

    private synchronized void cut() { // guards the observer against several threads
      if (!over) {
        forget();
        observer.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
      }
    }

    private void leave() {
      answer(
          PublishStreamResponse.newBuilder()
              .setGoAway(GoAway.newBuilder().setGraceMs(500))
              .build());
    }

    private synchronized void send(PublishStreamResponse response) {
      if (!over) {
        observer.onNext(response);
      }
    }

    private void answer(PublishStreamResponse response) {
      var unused =
          cluster.answers.schedule(
              () -> send(response), cluster.answerDelayMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void onNext(PublishStreamRequest request) {
      if (request.hasOpen()) {
        session = request.getOpen().getResume();
        answer(
            PublishStreamResponse.newBuilder()
                .setOpened(
                    Opened.newBuilder()
                        .setProducer(session)
                        .setBatchBytesMax(cluster.batchBytesMax)
                        .setWindow(
                            Window.newBuilder()
                                .setBatches(cluster.windowBatches)
                                .setBytes(8 << 20)))
                .build());
      } else if (!over) {
        batch(request.getBatch());
      }
    }

    private void batch(PublishBatch batch) {
      ToyLog log = cluster.log(batch.getTopic(), batch.getPartition());
      ToyCluster.Fault fault = cluster.fault();
      if (log == null) {
        reject(batch, ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
      } else if (direct && cluster.leader() != node.id) {
        reject(batch, ErrorReason.ERROR_REASON_NOT_LEADER);
      } else if (fault instanceof ToyCluster.Fault.Refuse refuse) {
        reject(batch, refuse.reason());
      } else if (fault instanceof ToyCluster.Fault.Cut) {
        cut();
      } else {
        append(batch, log, fault);
      }
    }

    private void append(
        PublishBatch batch, ToyLog log, ToyCluster.@org.jspecify.annotations.Nullable Fault fault) {
      ToyLog.Verdict verdict = log.append(session, batch.getFirstSequence(), batch.getEncoded());
      ErrorReason reason = verdict.reason();
      if (reason != null) {
        reject(batch, reason);
      } else if (fault instanceof ToyCluster.Fault.WriteAndCut) {
        cut();
      } else if (fault instanceof ToyCluster.Fault.WriteAndSayUnknown) {
        reject(batch, ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN);
      } else if (!(fault instanceof ToyCluster.Fault.Swallow)) {
        answer(
            PublishStreamResponse.newBuilder()
                .setAck(
                    Ack.newBuilder()
                        .setBatchId(batch.getBatchId())
                        .setPartition(batch.getPartition())
                        .setFirstOffset(verdict.firstOffset())
                        .setDuplicate(verdict.duplicate()))
                .build());
      }
    }

    private void reject(PublishBatch batch, ErrorReason reason) {
      answer(
          PublishStreamResponse.newBuilder()
              .setReject(
                  Reject.newBuilder()
                      .setBatchId(batch.getBatchId())
                      .setFailure(node.failure(reason, "refused: " + reason)))
              .build());
    }

    @Override
    public void onError(Throwable thrown) {
      forget();
    }

    @Override
    public synchronized void onCompleted() {
      if (!over) {
        forget();
        observer.onCompleted();
      }
    }
  }
}
