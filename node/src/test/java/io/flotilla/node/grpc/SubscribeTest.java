package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.PartitionOffset;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Subscriptions, through nodes that hold some partitions and relay the others. */
class SubscribeTest extends ClusterFixture {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static Answers<SubscribeRequest, SubscribeResponse> subscribe(
      int node, SubscribeRequest request) {
    Answers<SubscribeRequest, SubscribeResponse> answers = new Answers<>();
    ConsumerServiceGrpc.newStub(cluster.channel(node)).subscribe(request, answers);
    return answers;
  }

  private static List<ReceivedEvent> events(List<SubscribeResponse> responses) {
    return responses.stream().flatMap(response -> response.getEventsList().stream()).toList();
  }

  private static void inOrder(List<ReceivedEvent> events) {
    Map<Integer, Long> next = new HashMap<>();
    for (ReceivedEvent event : events) {
      long expected = next.getOrDefault(event.getPartition(), event.getOffset());
      assertThat(event.getOffset()).isEqualTo(expected);
      next.put(event.getPartition(), event.getOffset() + 1);
    }
  }

  @Test
  void aSubscriptionToTheEndDeliversAllPartitionsThroughAnyNode() {
    Topic topic = topic();
    for (int i = 0; i < 30; i++) {
      publish(1, topic, i % 3, "v" + i, "w" + i);
    }
    SubscribeRequest request =
        SubscribeRequest.newBuilder()
            .setTopic(topic.getName())
            .setFrom(from(StartFrom.START_FROM_EARLIEST))
            .setUntilEnd(true)
            .build();

    for (int node = 1; node <= 3; node++) {
      var answers = subscribe(node, request);
      List<ReceivedEvent> events = events(answers.awaitEnd());
      assertThat(answers.refusal()).isNull();
      assertThat(events).hasSize(60);
      inOrder(events);
    }
  }

  @Test
  void aLiveSubscriptionCatchesUpAndGoesOn() {
    Topic topic = topic();
    publish(1, topic, 0, "old");
    var answers =
        subscribe(
            2,
            SubscribeRequest.newBuilder()
                .setTopic(topic.getName())
                .setFrom(from(StartFrom.START_FROM_LATEST))
                .addResume(PartitionOffset.newBuilder().setPartition(0).setOffset(0))
                .build());
    await().atMost(SOON).until(() -> answers.seen().stream().anyMatch(r -> r.getCaughtUp()));

    for (int partition = 0; partition < 3; partition++) {
      publish(3, topic, partition, "new");
    }

    await().atMost(SOON).until(() -> events(answers.seen()).size() == 4);
    inOrder(events(answers.seen()));
    answers.cancel();
  }

  @Test
  void aSubscriptionEndsAfterAsManyEventsAsAskedFor() {
    Topic topic = topic();
    publish(1, topic, 0, "a", "b", "c");
    SubscribeRequest request =
        SubscribeRequest.newBuilder()
            .setTopic(topic.getName())
            .setFrom(from(StartFrom.START_FROM_EARLIEST))
            .setMaxEvents(2)
            .build();

    for (int node = 1; node <= 3; node++) {
      assertThat(events(subscribe(node, request).awaitEnd())).hasSize(2);
    }
  }

  @Test
  void aReaderThatDoesNotReadIsNotReadFor() {
    Topic topic = topic();
    String large = "x".repeat(100_000);
    for (int i = 0; i < 100; i++) {
      publish(1, topic, i % 3, large);
    }
    Answers<SubscribeRequest, SubscribeResponse> answers = new Answers<>(true);
    ConsumerServiceGrpc.newStub(cluster.channel(1))
        .subscribe(
            SubscribeRequest.newBuilder()
                .setTopic(topic.getName())
                .setFrom(from(StartFrom.START_FROM_EARLIEST))
                .setUntilEnd(true)
                .build(),
            answers);
    answers.take(1);
    answers.await(1);

    answers.take(1_000);

    List<ReceivedEvent> events = events(answers.awaitEnd());
    assertThat(events).hasSize(100);
    inOrder(events);
  }

  @Test
  void aSubscriberIsToldThatItsTopicIsGone() {
    Topic topic = topic();
    var answers =
        subscribe(
            1,
            SubscribeRequest.newBuilder()
                .setTopic(topic.getName())
                .setFrom(from(StartFrom.START_FROM_EARLIEST))
                .build());
    await().atMost(SOON).until(() -> answers.seen().stream().anyMatch(r -> r.getCaughtUp()));

    admin(2).deleteTopic(DeleteTopicRequest.newBuilder().setTopic(topic.getName()).build());

    assertThat(answers.reason()).isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
  }

  @Test
  void positionsThatMakeNoSenseAreRefused() {
    Topic topic = topic();
    var base = SubscribeRequest.newBuilder().setTopic(topic.getName());

    var unspecified = subscribe(1, base.build());
    var negative = subscribe(2, base.clone().setFrom(at(-1)).build());
    var huge = subscribe(3, base.clone().setFrom(at(Long.MAX_VALUE)).build());
    var twice =
        subscribe(
            3,
            base.clone()
                .addPartitions(0)
                .addPartitions(0)
                .setFrom(from(StartFrom.START_FROM_LATEST))
                .build());

    refused(unspecified, ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    refused(negative, ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    refused(huge, ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    refused(twice, ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
  }

  private static void refused(
      Answers<SubscribeRequest, SubscribeResponse> answers, ErrorReason reason) {
    assertThat(answers.reason()).isEqualTo(reason);
  }
}
