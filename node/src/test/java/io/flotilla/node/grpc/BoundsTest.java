package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventList;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node with small bounds: what happens at each of them. */
class BoundsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration STALL = Duration.ofMillis(1_500);
  private static final int LARGE = 500_000;

  @TempDir static Path folder;
  private static LocalCluster cluster;

  @BeforeAll
  static void form() throws Exception {
    GrpcConfig d = GrpcConfig.defaults();
    GrpcConfig small =
        new GrpcConfig(
            d.host(),
            d.port(),
            2 << 20,
            d.headerBytesMax(),
            d.callThreads(),
            d.callQueueMax(),
            d.callsPerConnectionMax(),
            d.resetsPerSecondMax(),
            d.connectionAgeMax(),
            d.connectionGrace(),
            d.unaryDeadlineDefault(),
            STALL,
            8,
            d.publishWindowBytes(),
            4 * d.publishWindowBytes(),
            STALL,
            d.subscribeBufferBytes(),
            d.fetchBufferBytes(),
            d.fetchesPerStreamMax(),
            d.fetchCreditBytesMax());
    cluster =
        LocalCluster.of(
            1,
            folder,
            small,
            new PartitionConfig(2 << 20, 2 << 20, 100, 32, 100, 1 << 20, Duration.ZERO, 1 << 20));
    AdminServiceGrpc.newBlockingStub(cluster.channel(1))
        .createTopic(CreateTopicRequest.newBuilder().setTopic("orders").build());
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  private static Event large() {
    return Event.newBuilder().setValue(ByteString.copyFrom(new byte[LARGE])).build();
  }

  private static PublishStreamRequest batch(long id) {
    return batch(id, large());
  }

  private static PublishStreamRequest batch(long id, Event event) {
    return PublishStreamRequest.newBuilder()
        .setBatch(
            PublishBatch.newBuilder()
                .setBatchId(id)
                .setTopic("orders")
                .setFirstSequence((int) id)
                .setEvents(EventList.newBuilder().addEvents(event)))
        .build();
  }

  private static StreamObserver<PublishStreamRequest> open(
      Answers<PublishStreamRequest, PublishStreamResponse> answers) {
    var stream = ProducerServiceGrpc.newStub(cluster.channel(1)).publishStream(answers);
    stream.onNext(
        PublishStreamRequest.newBuilder().setOpen(OpenPublish.getDefaultInstance()).build());
    answers.await(1);
    return stream;
  }

  @Test
  void streamsAreHeldBackAndNotRefusedWhenAPartitionHasNoRoom() {
    List<Answers<PublishStreamRequest, PublishStreamResponse>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Answers<PublishStreamRequest, PublishStreamResponse> answers = new Answers<>();
      var stream = open(answers);
      for (int id = 0; id < 8; id++) {
        stream.onNext(batch(id));
      }
      stream.onCompleted();
      all.add(answers);
    }

    for (Answers<PublishStreamRequest, PublishStreamResponse> answers : all) {
      List<PublishStreamResponse> seen = answers.awaitEnd();
      assertThat(answers.refusal()).isNull();
      assertThat(seen).hasSize(9);
      assertThat(seen.subList(1, 9)).allMatch(PublishStreamResponse::hasAck);
    }
  }

  @Test
  void moreThanTheWindowIsRefusedBatchByBatch() {
    Answers<PublishStreamRequest, PublishStreamResponse> answers = new Answers<>();
    var stream = open(answers);

    for (int id = 0; id < 2_000; id++) {
      stream.onNext(batch(id, Event.getDefaultInstance()));
    }
    stream.onCompleted();

    List<PublishStreamResponse> seen = answers.awaitEnd();
    assertThat(answers.refusal()).isNull();
    assertThat(seen).hasSize(2_001);
    assertThat(seen)
        .anyMatch(
            answer ->
                answer.getReject().getFailure().getReason()
                    == ErrorReason.ERROR_REASON_STREAM_LIMIT);
  }

  @Test
  void aWindowShrinksWhileThereAreMoreStreamsThanTheNodeHasRoomForAndGrowsAgain() {
    List<Answers<PublishStreamRequest, PublishStreamResponse>> all = new ArrayList<>();
    List<StreamObserver<PublishStreamRequest>> streams = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(new Answers<>());
      streams.add(open(all.get(i)));
    }
    long full = all.get(0).seen().get(0).getOpened().getWindow().getBytes();

    assertThat(all.get(0).await(2).get(1).getWindow().getBytes()).isEqualTo(full / 2);
    assertThat(all.get(4).seen().get(0).getOpened().getWindow().getBytes()).isEqualTo(full / 2);
    streams.remove(4).onCompleted();

    assertThat(all.get(0).await(3).get(2).getWindow().getBytes()).isEqualTo(full);
    streams.forEach(StreamObserver::onCompleted);
    all.forEach(Answers::awaitEnd);
  }

  @Test
  void aStreamThatSaysNothingIsClosed() {
    Answers<PublishStreamRequest, PublishStreamResponse> answers = new Answers<>();
    var unused = ProducerServiceGrpc.newStub(cluster.channel(1)).publishStream(answers);

    assertThat(answers.reason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
  }

  @Test
  void aReaderThatTakesNothingWhileEventsWaitIsSentAway() {
    Answers<PublishStreamRequest, PublishStreamResponse> written = new Answers<>();
    var stream = open(written);
    for (int id = 0; id < 8; id++) {
      stream.onNext(batch(id));
    }
    stream.onCompleted();
    written.awaitEnd();
    Answers<SubscribeRequest, SubscribeResponse> answers = new Answers<>(true);
    long begun = System.nanoTime();
    ConsumerServiceGrpc.newStub(cluster.channel(1))
        .subscribe(
            SubscribeRequest.newBuilder()
                .setTopic("orders")
                .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
                .build(),
            answers);
    // Reading nothing for as long as the node is patient.
    await().atMost(SOON).until(() -> System.nanoTime() - begun > STALL.multipliedBy(2).toNanos());

    answers.take(1_000);

    List<SubscribeResponse> seen = answers.awaitEnd();
    assertThat(seen.get(seen.size() - 1).hasGoAway()).isTrue();
    assertThat(seen).hasSizeLessThan(6);
  }

  @Test
  void aBatchBeyondTheLimitIsRefusedAndAMessageBeyondItNeverRead() {
    var producer = ProducerServiceGrpc.newBlockingStub(cluster.channel(1));
    PublishRequest.Builder request = PublishRequest.newBuilder().setTopic("orders").setPartition(0);

    assertThat(
            ClusterFixture.refusal(
                    () -> {
                      var unused =
                          producer.publish(
                              request
                                  .clone()
                                  .addEvents(large())
                                  .addEvents(large())
                                  .addEvents(large())
                                  .build());
                    })
                .reason())
        .isEqualTo(ErrorReason.ERROR_REASON_EVENT_TOO_LARGE);
    Event huge = Event.newBuilder().setValue(ByteString.copyFrom(new byte[3 << 20])).build();
    Assertions.assertThatThrownBy(() -> producer.publish(request.clone().addEvents(huge).build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getCode())
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));
  }

  @Test
  void bytesThatAreNoRequestAreRefusedAndTheConnectionLives() {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("flotilla.v1.ProducerService/Publish")
            .build();

    Assertions.assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    cluster.channel(1), raw, CallOptions.DEFAULT, new byte[] {-1, -1, -1, -1}))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    assertThat(
            ProducerServiceGrpc.newBlockingStub(cluster.channel(1))
                .publish(
                    PublishRequest.newBuilder()
                        .setTopic("orders")
                        .addEvents(Event.getDefaultInstance())
                        .build())
                .getPositionsCount())
        .isOne();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
