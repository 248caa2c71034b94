package io.flotilla.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.Leader;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.ClusterServiceGrpc;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.CreateTopicResponse;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.DescribeClusterResponse;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.ListedOffset;
import io.flotilla.proto.v1.NodeState;
import io.flotilla.proto.v1.OpenProducerRequest;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishResponse;
import io.flotilla.proto.v1.ReplicaRole;
import io.flotilla.proto.v1.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** The unary calls, against nodes that do and do not lead. */
class UnaryTest extends ClusterFixture {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void aTopicIsCreatedThroughAnyNodeAndReadyWhenAnswered() {
    CreateTopicResponse created = create(3, 3);

    assertThat(created.getReady()).isTrue();
    assertThat(created.getTopic().getPartitionsList())
        .allSatisfy(
            partition -> {
              assertThat(partition.getReplicasList()).containsExactlyInAnyOrder(1, 2, 3);
              assertThat(partition.getLeader().getNodeId()).isBetween(1, 3);
            });
  }

  @Test
  void theSameRequestIdCreatesOnce() {
    CreateTopicRequest request =
        CreateTopicRequest.newBuilder().setTopic("once").setRequestId("r1").build();

    long first = admin(1).createTopic(request).getTopic().getTopicId();

    assertThat(admin(3).createTopic(request).getTopic().getTopicId()).isEqualTo(first);
    assertThat(
            refusal(() -> admin(2).createTopic(request.toBuilder().setRequestId("r2").build()))
                .reason())
        .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_EXISTS);
  }

  @Test
  void aValidatedTopicIsNotCreated() {
    CreateTopicRequest request =
        CreateTopicRequest.newBuilder().setTopic("only-checked").setValidateOnly(true).build();

    Topic would = admin(2).createTopic(request).getTopic();

    assertThat(would.getTopicId()).isZero();
    assertThat(would.getReplicationFactor()).isEqualTo(3);
    assertThat(
            refusal(
                    () ->
                        admin(2)
                            .describeTopic(
                                DescribeTopicRequest.newBuilder().setTopic("only-checked").build()))
                .reason())
        .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
  }

  @Test
  void aDeletedTopicIsGoneAndItsSuccessorIsAnother() {
    Topic topic = topic();
    var delete =
        DeleteTopicRequest.newBuilder()
            .setTopic(topic.getName())
            .setTopicId(topic.getTopicId())
            .build();

    admin(3).deleteTopic(delete);

    assertThat(refusal(() -> publish(3, topic, 0, "late")).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
    admin(3).createTopic(CreateTopicRequest.newBuilder().setTopic(topic.getName()).build());
    assertThat(refusal(() -> admin(3).deleteTopic(delete)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION);
  }

  @Test
  void pagesListEveryTopicOnce() {
    for (int i = 0; i < 7; i++) {
      admin(1).createTopic(CreateTopicRequest.newBuilder().setTopic("paged." + i).build());
    }
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      var page =
          admin(1)
              .listTopics(
                  ListTopicsRequest.newBuilder()
                      .setPrefix("paged.")
                      .setPageSize(3)
                      .setPageToken(token)
                      .build());
      page.getTopicsList().forEach(listed -> names.add(listed.getName()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(names)
        .containsExactly(
            "paged.0", "paged.1", "paged.2", "paged.3", "paged.4", "paged.5", "paged.6");
    assertThat(
            refusal(
                    () ->
                        admin(1)
                            .listTopics(ListTopicsRequest.newBuilder().setPageToken("!?").build()))
                .reason())
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
  }

  @Test
  void anyNodePublishesToEveryPartitionAndAnswersInOrder() {
    Topic topic = topic();
    PublishRequest.Builder request = PublishRequest.newBuilder().setTopic(topic.getName());
    for (int i = 0; i < 30; i++) {
      request.addEvents(
          event("v" + i).toBuilder()
              .setKey(com.google.protobuf.ByteString.copyFromUtf8("key " + i)));
    }

    PublishResponse first = producer(1).publish(request.build());
    PublishResponse second = producer(2).publish(request.build());

    assertThat(first.getPositionsList()).hasSize(30);
    assertThat(first.getPositionsList().stream().map(p -> p.getPartition()).distinct()).hasSize(3);
    for (int i = 0; i < 30; i++) {
      assertThat(second.getPositions(i).getPartition())
          .isEqualTo(first.getPositions(i).getPartition());
      assertThat(second.getPositions(i).getOffset())
          .isGreaterThan(first.getPositions(i).getOffset());
    }
  }

  @Test
  void aNumberedPublishIsWrittenOnce() {
    Topic topic = topic();
    ProducerSession session =
        producer(1)
            .openProducer(OpenProducerRequest.newBuilder().setName("p").build())
            .getProducer();
    PublishRequest request =
        PublishRequest.newBuilder()
            .setTopic(topic.getName())
            .setPartition(0)
            .setProducer(session)
            .setFirstSequence(0)
            .addEvents(event("a"))
            .build();

    PublishResponse first = producer(1).publish(request);
    PublishResponse again = producer(2).publish(request);

    assertThat(again.getDuplicate()).isTrue();
    assertThat(again.getPositionsList()).isEqualTo(first.getPositionsList());
    var gap = request.toBuilder().setFirstSequence(5).build();
    assertThat(refusal(() -> producer(3).publish(gap)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_SEQUENCE_GAP);
  }

  @Test
  void aDirectCallToAStrangerNamesTheLeader() {
    Topic topic = topic();
    var request =
        PublishRequest.newBuilder()
            .setTopic(topic.getName())
            .setPartition(0)
            .addEvents(event("a"))
            .build();

    FlotillaException refusal =
        refusal(() -> direct(producer(stranger(topic, 0))).publish(request));

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_NOT_LEADER);
    assertThat(refusal.leader()).extracting(Leader::nodeId).isEqualTo(leader(topic, 0));
    assertThat(direct(producer(leader(topic, 0))).publish(request).getPositionsCount()).isOne();
  }

  @Test
  void offsetsAreListedByTheLeadersThroughAnyNode() {
    Topic topic = topic();
    publish(1, topic, 0, "a", "b");
    publish(1, topic, 1, "c");
    ListOffsetsRequest request =
        ListOffsetsRequest.newBuilder()
            .setTopic(topic.getName())
            .setPosition(from(StartFrom.START_FROM_LATEST))
            .build();

    for (int node = 1; node <= 3; node++) {
      assertThat(consumer(node).listOffsets(request).getOffsetsList())
          .extracting(ListedOffset::getOffset)
          .containsExactly(2L, 1L, 0L);
    }
    var beyond = request.toBuilder().addPartitions(0).setPosition(at(3)).build();
    FlotillaException refusal = refusal(() -> consumer(1).listOffsets(beyond));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    assertThat(refusal.metadata()).containsEntry("end", "2").containsEntry("log_start", "0");
  }

  @Test
  void aFetchReadsThroughAnyNodeAndWaitsAtTheEnd() {
    Topic topic = topic();
    publish(1, topic, 0, "a", "b", "c");
    FetchRequest request =
        FetchRequest.newBuilder().setTopic(topic.getName()).setPartition(0).setOffset(1).build();

    for (int node = 1; node <= 3; node++) {
      var read = consumer(node).fetch(request);
      assertThat(read.getEventsList())
          .extracting(e -> e.getEvent().getValue().toStringUtf8())
          .containsExactly("b", "c");
      assertThat(read.getNextOffset()).isEqualTo(3);
      assertThat(consumer(node).fetch(request.toBuilder().setEncoded(true).build()))
          .satisfies(encoded -> assertThat(encoded.getBatchesCount()).isOne());
    }
    long begun = System.nanoTime();
    var nothing = consumer(2).fetch(request.toBuilder().setOffset(3).setMaxWaitMs(300).build());
    assertThat(nothing.getEventsList()).isEmpty();
    assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(250));
    assertThat(refusal(() -> consumer(2).fetch(request.toBuilder().setOffset(9).build())).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
  }

  @Test
  void theClusterIsDescribedWithEveryReplica() {
    Topic topic = create(2, 3).getTopic();
    publish(1, topic, 0, "a");

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              var replicas = describe();
              assertThat(roles(replicas, topic, ReplicaRole.REPLICA_ROLE_LEADER)).isEqualTo(2);
              // One that lost the first vote is a candidate until it hears from the leader.
              assertThat(roles(replicas, topic, ReplicaRole.REPLICA_ROLE_FOLLOWER)).isEqualTo(4);
            });
    var picture = describe();
    assertThat(picture.getNodesList())
        .hasSize(3)
        .allMatch(node -> node.getState() == NodeState.NODE_STATE_UP);
    assertThat(picture.getMetadataLeader()).isBetween(1, 3);
    assertThat(picture.getMetadataTerm()).isPositive();
  }

  private static long roles(DescribeClusterResponse picture, Topic topic, ReplicaRole role) {
    return picture.getReplicasList().stream()
        .filter(replica -> replica.getTopic().equals(topic.getName()) && replica.getRole() == role)
        .count();
  }

  private static DescribeClusterResponse describe() {
    return ClusterServiceGrpc.newBlockingStub(cluster.channel(3))
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .describeCluster(DescribeClusterRequest.newBuilder().setIncludeReplicas(true).build());
  }

  @Test
  void healthTellsOfEachService() {
    var health = HealthGrpc.newBlockingStub(cluster.channel(1));

    for (String name :
        List.of("", "flotilla.ready", "flotilla.v1.ProducerService", "flotilla.v1.AdminService")) {
      assertThat(health.check(HealthCheckRequest.newBuilder().setService(name).build()).getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void anExpiredDeadlineIsNotWorkedFor() {
    Assertions.assertThatThrownBy(
            () ->
                producer(1)
                    .withDeadlineAfter(1, TimeUnit.NANOSECONDS)
                    .publish(PublishRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
  }
}
