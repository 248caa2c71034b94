package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.ClusterServiceGrpc;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.WatchTopologyRequest;
import io.flotilla.proto.v1.WatchTopologyResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams of stored batches by credit, and of the topology. */
class FetchStreamTest extends ClusterFixture {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void nothingIsFetchedWithoutCreditAndEverythingWithIt() {
    Topic topic = topic();
    for (int i = 0; i < 30; i++) {
      publish(1, topic, i % 3, "v" + i);
    }
    Answers<FetchStreamRequest, FetchStreamResponse> answers = new Answers<>();
    var stream = ConsumerServiceGrpc.newStub(cluster.channel(3)).fetchStream(answers);
    FetchStreamRequest.Builder add = FetchStreamRequest.newBuilder();
    for (int partition = 0; partition < 3; partition++) {
      add.addAdd(
          FetchPartition.newBuilder()
              .setFetchId(partition + 10)
              .setTopic(topic.getName())
              .setPartition(partition)
              .setFrom(at(0)));
    }
    add.addAdd(
        FetchPartition.newBuilder().setFetchId(1).setTopic("nowhere").setFrom(at(0)).build());
    stream.onNext(add.build());
    assertThat(answers.await(1)).hasSize(1);
    assertThat(answers.seen().get(0).getFailure().getReason())
        .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);

    stream.onNext(FetchStreamRequest.newBuilder().setCreditBytes(1 << 20).build());

    await().atMost(SOON).until(() -> fetched(answers.seen()) == 30);
    await()
        .atMost(SOON)
        .until(() -> answers.seen().stream().filter(r -> r.getCaughtUp()).count() >= 3);
    publish(2, topic, 1, "live");
    await().atMost(SOON).until(() -> fetched(answers.seen()) == 31);
    stream.onCompleted();
    answers.awaitEnd();
    assertThat(answers.refusal()).isNull();
  }

  private static int fetched(List<FetchStreamResponse> responses) {
    return responses.stream()
        .flatMap(response -> response.getBatchesList().stream())
        .mapToInt(stored -> stored.getBatch().getEventCount())
        .sum();
  }

  @Test
  void creditBoundsWhatIsSent() {
    Topic topic = topic();
    String large = "x".repeat(50_000);
    for (int i = 0; i < 20; i++) {
      publish(1, topic, 0, large);
    }
    Answers<FetchStreamRequest, FetchStreamResponse> answers = new Answers<>();
    var stream =
        ConsumerServiceGrpc.newStub(cluster.channel(leader(topic, 0))).fetchStream(answers);
    stream.onNext(
        FetchStreamRequest.newBuilder()
            .addAdd(
                FetchPartition.newBuilder().setFetchId(1).setTopic(topic.getName()).setFrom(at(0)))
            .setCreditBytes(120_000)
            .build());

    await().atMost(SOON).until(() -> fetched(answers.seen()) >= 2);
    // Answered after what was sent before it, so nothing more is under way.
    stream.onNext(
        FetchStreamRequest.newBuilder()
            .addAdd(FetchPartition.newBuilder().setFetchId(2).setTopic("nowhere"))
            .build());
    await().atMost(SOON).until(() -> answers.seen().stream().anyMatch(r -> r.hasFailure()));
    assertThat(fetched(answers.seen())).isBetween(2, 4);
    answers.cancel();
  }

  @Test
  void theTopologyIsToldAndThenItsChanges() {
    Answers<WatchTopologyRequest, WatchTopologyResponse> answers = new Answers<>();
    ClusterServiceGrpc.newStub(cluster.channel(3))
        .watchTopology(WatchTopologyRequest.getDefaultInstance(), answers);
    // The watched node tells its own copy of the metadata, which may be a moment behind.
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        answers.seen().stream()
                            .flatMap(response -> response.getNodesList().stream())
                            .map(node -> node.getNodeId()))
                    .contains(1, 2, 3));

    Topic topic = topic();
    await()
        .atMost(SOON)
        .until(
            () ->
                answers.seen().stream()
                    .flatMap(response -> response.getTopicsList().stream())
                    .anyMatch(told -> told.equals(topic)));
    admin(1).deleteTopic(DeleteTopicRequest.newBuilder().setTopic(topic.getName()).build());

    await()
        .atMost(SOON)
        .until(
            () ->
                answers.seen().stream()
                    .anyMatch(r -> r.getDeletedTopicsList().contains(topic.getName())));
    answers.cancel();
  }
}
