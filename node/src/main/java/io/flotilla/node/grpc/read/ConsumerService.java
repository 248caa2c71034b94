package io.flotilla.node.grpc.read;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.UnaryAnswer;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.FetchResponse;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.ListOffsetsResponse;
import io.flotilla.proto.v1.ListedOffset;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The door for readers without a group. Runs on flotilla-call; safe. */
public final class ConsumerService extends ConsumerServiceGrpc.ConsumerServiceImplBase {

  private final Router router;
  private final BatchLimits limits;
  private final GrpcConfig config;
  private final CallThreads threads;
  private final OpenStreams streams;
  private final Traces traces;
  private final Offsets offsets;
  private final StartPositions positions;

  public ConsumerService(
      Router router,
      BatchLimits limits,
      GrpcConfig config,
      CallThreads threads,
      OpenStreams streams,
      Traces traces) {
    this.router = router;
    this.limits = limits;
    this.config = config;
    this.threads = threads;
    this.streams = streams;
    this.traces = traces;
    this.offsets = new Offsets(router, threads);
    this.positions = new StartPositions(router, offsets);
  }

  @Override
  public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> observer) {
    new SubscribeCall(
            request,
            router,
            limits,
            config,
            threads,
            traces,
            (ServerCallStreamObserver<SubscribeResponse>) observer)
        .begin(positions, streams);
  }

  @Override
  public void fetch(FetchRequest request, StreamObserver<FetchResponse> observer) {
    var answer = new FetchCall(router, limits, config, positions, threads, traces).run(request);
    UnaryAnswer.answer(observer, answer, CallScope.current(), threads);
  }

  @Override
  public StreamObserver<FetchStreamRequest> fetchStream(
      StreamObserver<FetchStreamResponse> observer) {
    return new FetchStreamCall(
            router,
            positions,
            config,
            threads,
            (ServerCallStreamObserver<FetchStreamResponse>) observer)
        .begin(streams);
  }

  @Override
  public void listOffsets(
      ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> observer) {
    ReadChecks.topicId(request.getTopicId());
    ReadChecks.position(request.getPosition());
    TopicInfo topic = router.topic(request.getTopic(), request.getTopicId());
    List<Integer> partitions = ReadChecks.partitions(request.getPartitionsList(), topic);
    partitions.forEach(partition -> router.partition(topic, partition));
    CallScope scope = CallScope.current();
    var answer =
        offsets
            .list(topic, partitions, request.getPosition(), scope)
            .thenApply(found -> listed(topic, partitions, found));
    UnaryAnswer.answer(observer, answer, scope, threads);
  }

  private static ListOffsetsResponse listed(
      TopicInfo topic, List<Integer> partitions, Map<Integer, ListedOffset> found) {
    ListOffsetsResponse.Builder response =
        ListOffsetsResponse.newBuilder().setTopicId(topic.topicId());
    partitions.forEach(
        partition -> response.addOffsets(Objects.requireNonNull(found.get(partition))));
    return response.build();
  }
}
