package io.flotilla.node.grpc.publish;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.UnaryAnswer;
import io.flotilla.node.metrics.RequestMeters;
import io.flotilla.node.model.TopicName;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.v1.OpenProducerRequest;
import io.flotilla.proto.v1.OpenProducerResponse;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishResponse;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The door for producers. Runs on flotilla-call; safe. */
public final class ProducerService extends ProducerServiceGrpc.ProducerServiceImplBase {

  private final Router router;
  private final BatchLimits limits;
  private final GrpcConfig config;
  private final CallThreads threads;
  private final OpenStreams streams;
  private final RequestMeters requests;
  private final Traces traces;
  private final PublishWindows windows;

  public ProducerService(
      Router router,
      BatchLimits limits,
      GrpcConfig config,
      CallThreads threads,
      OpenStreams streams,
      RequestMeters requests,
      Traces traces) {
    this.router = router;
    this.limits = limits;
    this.config = config;
    this.threads = threads;
    this.streams = streams;
    this.requests = requests;
    this.traces = traces;
    this.windows = new PublishWindows(config);
  }

  @Override
  public void publish(PublishRequest request, StreamObserver<PublishResponse> observer) {
    var answer = new PublishCall(router, limits, threads, traces).run(request);
    UnaryAnswer.answer(observer, answer, CallScope.current(), threads);
  }

  @Override
  public void openProducer(
      OpenProducerRequest request, StreamObserver<OpenProducerResponse> observer) {
    checkName(request.getName());
    var answer =
        router
            .openProducer(request.getName())
            .thenApply(
                opened ->
                    OpenProducerResponse.newBuilder()
                        .setProducer(
                            ProducerSession.newBuilder()
                                .setProducerId(opened.id())
                                .setEpoch(opened.epoch()))
                        .build());
    UnaryAnswer.answer(observer, answer, CallScope.current(), threads);
  }

  @Override
  public StreamObserver<PublishStreamRequest> publishStream(
      StreamObserver<PublishStreamResponse> observer) {
    PublishStreamCall call =
        new PublishStreamCall(
            router,
            limits,
            config,
            windows,
            requests,
            threads,
            traces,
            (ServerCallStreamObserver<PublishStreamResponse>) observer);
    return call.begin(streams);
  }

  static void checkName(String producerName) {
    if (!producerName.isEmpty()) {
      TopicName.check(producerName);
    }
  }
}
