package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node is stopped under load: its own streams are told, and those through others go on. */
class LeavingNodeTest extends ClusterFixture {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void callsThroughOtherNodesDoNotNoticeThatALeaderLeaves() {
    Topic topic = create(3, 3).getTopic();
    int leaving = leader(topic, 0);
    int other = leaving % 3 + 1;
    publish(other, topic, 0, "before");
    Answers<SubscribeRequest, SubscribeResponse> through = subscribe(other, topic);
    Answers<SubscribeRequest, SubscribeResponse> here = subscribe(leaving, topic);
    Answers<PublishStreamRequest, PublishStreamResponse> publishing = new Answers<>();
    ProducerServiceGrpc.newStub(cluster.channel(leaving))
        .publishStream(publishing)
        .onNext(
            PublishStreamRequest.newBuilder().setOpen(OpenPublish.getDefaultInstance()).build());
    publishing.await(1);
    await().atMost(SOON).until(() -> events(through).size() == 1);

    cluster.stop(leaving);

    for (int i = 0; i < 9; i++) {
      publish(other, topic, i % 3, "after " + i);
    }
    await().atMost(SOON).until(() -> events(through).size() == 10);
    assertThat(through.refusal()).isNull();
    assertThat(here.awaitEnd()).anyMatch(SubscribeResponse::hasGoAway);
    assertThat(publishing.awaitEnd()).anyMatch(PublishStreamResponse::hasGoAway);
    through.cancel();
  }

  private static Answers<SubscribeRequest, SubscribeResponse> subscribe(int node, Topic topic) {
    Answers<SubscribeRequest, SubscribeResponse> answers = new Answers<>();
    ConsumerServiceGrpc.newStub(cluster.channel(node))
        .subscribe(
            SubscribeRequest.newBuilder()
                .setTopic(topic.getName())
                .setFrom(from(StartFrom.START_FROM_EARLIEST))
                .build(),
            answers);
    await().atMost(SOON).until(() -> answers.seen().stream().anyMatch(r -> r.getCaughtUp()));
    return answers;
  }

  private static List<ReceivedEvent> events(Answers<SubscribeRequest, SubscribeResponse> answers) {
    return answers.seen().stream().flatMap(response -> response.getEventsList().stream()).toList();
  }
}
