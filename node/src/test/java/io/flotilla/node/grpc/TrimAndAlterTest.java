package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Failure;
import io.flotilla.proto.types.v1.PartitionOffset;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.AlterTopicRequest;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.TopicSettings;
import io.flotilla.proto.v1.TrimPartitionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings and log starts are changed through any node, and readers are told the truth. */
class TrimAndAlterTest extends ClusterFixture {

  private static final TopicSettings HOUR =
      TopicSettings.newBuilder().setRetentionMs(3_600_000).build();

  private static TrimPartitionRequest.Builder trim(Topic topic, int partition, long before) {
    return TrimPartitionRequest.newBuilder()
        .setTopic(topic.getName())
        .setPartition(partition)
        .setBeforeOffset(before);
  }

  private static long earliest(Topic topic, int partition) {
    return consumer(1)
        .listOffsets(
            ListOffsetsRequest.newBuilder()
                .setTopic(topic.getName())
                .addPartitions(partition)
                .setPosition(from(StartFrom.START_FROM_EARLIEST))
                .build())
        .getOffsets(0)
        .getOffset();
  }

  private static Answers<SubscribeRequest, SubscribeResponse> subscribe(
      Topic topic, long offset, boolean slow) {
    Answers<SubscribeRequest, SubscribeResponse> answers = new Answers<>(slow);
    ConsumerServiceGrpc.newStub(cluster.channel(leader(topic, 0)))
        .subscribe(
            SubscribeRequest.newBuilder()
                .setTopic(topic.getName())
                .setFrom(from(StartFrom.START_FROM_LATEST))
                .addResume(PartitionOffset.newBuilder().setPartition(0).setOffset(offset))
                .setUntilEnd(!slow)
                .build(),
            answers);
    return answers;
  }

  private static List<Long> offsets(List<SubscribeResponse> answers) {
    return answers.stream()
        .flatMap(answer -> answer.getEventsList().stream())
        .map(ReceivedEvent::getOffset)
        .toList();
  }

  @Test
  void anyNodeTrimsAPartitionWhereverItIs() {
    Topic topic = topic();
    publish(1, topic, 0, "a", "b", "c");
    for (int node = 1; node <= 3; node++) {
      assertThat(admin(node).trimPartition(trim(topic, 0, node - 1).build()).getLogStartOffset())
          .isEqualTo(node - 1);
      assertThat(earliest(topic, 0)).isEqualTo(node - 1);
    }
    assertThat(admin(1).trimPartition(trim(topic, 0, -1).build()).getLogStartOffset()).isEqualTo(3);
    assertThat(publish(2, topic, 0, "d").getPositions(0).getOffset()).isEqualTo(3);
  }

  @Test
  void aTrimThatCannotBeIsRefused() {
    Topic topic = topic();
    publish(1, topic, 0, "a");
    FlotillaException beyond = refusal(() -> admin(2).trimPartition(trim(topic, 0, 2).build()));
    assertThat(beyond.reason()).isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    assertThat(beyond.metadata()).isEqualTo(Map.of("log_start", "0", "end", "1"));
    assertThat(refusal(() -> admin(1).trimPartition(trim(topic, 0, -2).build())).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(refusal(() -> admin(1).trimPartition(trim(topic, 7, 0).build())).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND);
    assertThat(
            refusal(
                    () ->
                        admin(1)
                            .trimPartition(
                                trim(topic, 0, 0).setTopicId(topic.getTopicId() + 900).build()))
                .reason())
        .isEqualTo(ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION);
  }

  @Test
  void aReaderInsideTheFirstBatchSeesNothingBelowLogStart() {
    Topic topic = topic();
    publish(1, topic, 0, "a", "b", "c");
    admin(3).trimPartition(trim(topic, 0, 1).build());
    assertThat(offsets(subscribe(topic, 1, false).awaitEnd())).containsExactly(1L, 2L);
    assertThat(subscribe(topic, 0, false).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
  }

  @Test
  void aSlowReaderThatFallsBelowLogStartIsToldAndSkipsNothing() {
    Topic topic = topic();
    String large = "x".repeat(900_000);
    for (int i = 0; i < 40; i++) {
      publish(1, topic, 0, large);
    }
    var answers = subscribe(topic, 0, true);
    answers.take(2);
    answers.await(1);
    admin(1).trimPartition(trim(topic, 0, 40).build());
    answers.take(1_000);
    assertThat(answers.reason()).isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    List<Long> seen = offsets(answers.seen());
    assertThat(seen).hasSizeLessThan(40);
    for (int i = 0; i < seen.size(); i++) {
      assertThat(seen.get(i)).isEqualTo(i);
    }
  }

  @Test
  void aFetchThatFallsBelowLogStartIsToldTheRange() {
    Topic topic = topic();
    String large = "x".repeat(100_000);
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
    answers.await(1);
    admin(1).trimPartition(trim(topic, 0, 20).build());
    stream.onNext(FetchStreamRequest.newBuilder().setCreditBytes(10 << 20).build());

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> answers.seen().stream().anyMatch(FetchStreamResponse::hasFailure));
    Failure failure = answers.seen().get(answers.seen().size() - 1).getFailure();
    assertThat(failure.getReason()).isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    assertThat(failure.getMetadataMap()).isEqualTo(Map.of("log_start", "20", "end", "20"));
    answers.cancel();
  }

  @Test
  void settingsAreInForceOnEveryNodeWhenTheAnswerComes() {
    Topic topic =
        admin(1)
            .createTopic(CreateTopicRequest.newBuilder().setTopic("set").setSettings(HOUR).build())
            .getTopic();
    assertThat(topic.getOwnSettings()).isEqualTo(HOUR);
    assertThat(topic.getSettings().getRetentionBytes()).isEqualTo(-1);

    AlterTopicRequest request =
        AlterTopicRequest.newBuilder()
            .setTopic("set")
            .setSet(TopicSettings.newBuilder().setRetentionBytes(1 << 30))
            .addReset("retention_ms")
            .build();
    TopicSettings would = settings(2, request.toBuilder().setValidateOnly(true).build());
    assertThat(described(2).getOwnSettings()).isEqualTo(HOUR);
    for (int node = 1; node <= 3; node++) {
      assertThat(settings(node, request)).isEqualTo(would);
      assertThat(described(node).getSettings()).isEqualTo(would);
      assertThat(described(node).getOwnSettings()).isEqualTo(request.getSet());
    }
    assertThat(would.getRetentionMs()).isEqualTo(7L * 86_400_000);
    assertThat(would.getRetentionBytes()).isEqualTo(1 << 30);
  }

  private static TopicSettings settings(int node, AlterTopicRequest request) {
    return admin(node).alterTopic(request).getTopic().getSettings();
  }

  private static Topic described(int node) {
    return admin(node)
        .describeTopic(DescribeTopicRequest.newBuilder().setTopic("set").build())
        .getTopic();
  }

  @Test
  void aSettingThatMustNotBeIsRefused() {
    Topic topic = topic();
    AlterTopicRequest bad =
        AlterTopicRequest.newBuilder()
            .setTopic(topic.getName())
            .setSet(TopicSettings.newBuilder().setRetentionMs(5))
            .build();
    for (AlterTopicRequest each : List.of(bad, bad.toBuilder().setValidateOnly(true).build())) {
      FlotillaException refusal = refusal(() -> admin(3).alterTopic(each));
      assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
      assertThat(refusal).hasMessageContaining("retention_ms is 5");
    }
    assertThat(
            refusal(() -> admin(1).alterTopic(bad.toBuilder().setTopic("nowhere").build()))
                .reason())
        .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
  }
}
