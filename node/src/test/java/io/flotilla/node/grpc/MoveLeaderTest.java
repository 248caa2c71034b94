package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.MoveLeaderRequest;
import io.flotilla.proto.v1.MoveLeaderResponse;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Leaders go where they are told to, through any node, and stay there; writing goes on. */
class MoveLeaderTest extends ClusterFixture {

  private static MoveLeaderRequest.Builder move(Topic topic, int node) {
    return MoveLeaderRequest.newBuilder().setTopic(topic.getName()).setPartition(1).setNodeId(node);
  }

  private static Topic described(Topic topic) {
    return described(1, topic);
  }

  private static Topic described(int asked, Topic topic) {
    return admin(asked)
        .describeTopic(DescribeTopicRequest.newBuilder().setTopic(topic.getName()).build())
        .getTopic();
  }

  /** A new topic, once its leaders are where they were placed: until then they may be moving. */
  private static Topic settled() {
    Topic topic = create(3, 3).getTopic();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                described(topic).getPartitionsList().stream()
                    .allMatch(one -> one.getLeader().getNodeId() == one.getReplicas(0)));
    return topic;
  }

  @Test
  void aLeaderGoesWhereItIsToldToAndWritingGoesOn() {
    Topic topic = settled();
    long offset = 0;
    for (int step = 1; step <= 6; step++) {
      int asked = step % 3 + 1;
      int wanted = (leader(described(topic), 1) + step % 2) % 3 + 1;
      MoveLeaderResponse moved = admin(asked).moveLeader(move(topic, wanted).build());
      assertThat(moved.getLeads()).isTrue();
      assertThat(moved.getPartitionsList()).contains(1);
      assertThat(publish(asked, topic, 1, "a").getPositions(0).getOffset()).isEqualTo(offset++);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                // Node 1 may hear of it later; and who is elected meanwhile goes home after 10 s.
                Topic seen = described(topic);
                assertThat(leader(seen, 1)).isEqualTo(wanted);
                assertThat(seen.getPartitions(1).getReplicasList().get(0)).isEqualTo(wanted);
              });
    }
  }

  /** The second wish may come before any node has looked at the first. */
  @Test
  void aLeaderThatIsSentAwayAndCalledBackLeadsAgainAtOnce() {
    Topic topic = settled();
    sendAwayAndCallBack(topic, leader(described(topic), 1));
  }

  /** Nodes that were started together look in step: at the end of each wish, never twice in one. */
  @Test
  void alsoByNodesThatWereStartedOneAfterTheOther() {
    Topic topic = settled();
    int home = leader(described(topic), 1);
    cluster.restart(home);
    await().atMost(Duration.ofSeconds(20)).until(() -> leader(described(1, topic), 1) == home);
    sendAwayAndCallBack(topic, home);
  }

  /** A node waits for half of the time that a call has; whoever is passed over leads after 10 s. */
  private static void sendAwayAndCallBack(Topic topic, int home) {
    for (int round = 1; round <= 4; round++) {
      for (int wanted : List.of(home % 3 + 1, home)) {
        var admin = admin(wanted).withDeadlineAfter(10, TimeUnit.SECONDS);
        assertThat(admin.moveLeader(move(topic, wanted).build()).getLeads()).isTrue();
      }
    }
  }

  @Test
  void whoLeadsAlreadyAnswersAtOnceAndATrialChangesNothing() {
    Topic topic = settled();
    int leader = leader(described(topic), 1);
    assertThat(admin(2).moveLeader(move(topic, leader).build()).getLeads()).isTrue();
    int other = leader % 3 + 1;
    for (int asked = 1; asked <= 3; asked++) {
      assertThat(
              admin(asked).moveLeader(move(topic, other).setValidateOnly(true).build()).getLeads())
          .isFalse();
    }
    assertThat(described(topic).getPartitions(1).getReplicasList().get(0)).isEqualTo(leader);
  }

  @Test
  void aMoveThatCannotBeIsRefused() {
    Topic topic = topic();
    int stranger = stranger(topic, 1);
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, move(topic, stranger), m -> {});
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, move(topic, 0), m -> {});
    refused(ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND, move(topic, 1), m -> m.setPartition(3));
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, move(topic, 1), m -> m.setPartition(-1));
    refused(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, move(topic, 1), m -> m.setTopic("nowhere"));
    refused(
        ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION,
        move(topic, 1),
        m -> m.setTopicId(topic.getTopicId() + 900));
  }

  private static void refused(
      ErrorReason reason, MoveLeaderRequest.Builder move, Consumer<MoveLeaderRequest.Builder> bad) {
    bad.accept(move);
    for (boolean trial : new boolean[] {false, true}) {
      MoveLeaderRequest request = move.setValidateOnly(trial).build();
      assertThat(refusal(() -> admin(3).moveLeader(request)).reason()).isEqualTo(reason);
    }
  }
}
