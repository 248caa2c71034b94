package io.flotilla.cluster.badinput;

import static io.flotilla.cluster.badinput.BadRequest.PARTITIONS;
import static io.flotilla.cluster.badinput.BadRequest.TOPIC;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_INVALID_ARGUMENT;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_TOPIC_EXISTS;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.WatchTopologyRequest;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a request about topics is told, and nothing of it is done. */
class BadTopicTest {
  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, PARTITIONS);
  }

  @ParameterizedTest
  @MethodSource({"names", "creations", "others"})
  void isRefused(BadRequest request) {
    request.isRefusedBy(cluster);
  }

  @Test
  void validationCreatesNothing() {
    Topic wouldBe =
        cluster
            .wire(1)
            .admin()
            .createTopic(
                CreateTopicRequest.newBuilder()
                    .setTopic("only-validated")
                    .setPartitions(4)
                    .setValidateOnly(true)
                    .build())
            .getTopic();

    assertThat(wouldBe.getPartitionCount()).isEqualTo(4);
    assertThat(wouldBe.getTopicId()).isZero();
    describe("only-validated", ERROR_REASON_TOPIC_NOT_FOUND).isRefusedBy(cluster);
  }

  static Stream<BadRequest> names() {
    return BadNames.all()
        .map(
            name ->
                create(
                    "name " + BadNames.shown(name),
                    r -> r.setTopic(name),
                    ERROR_REASON_INVALID_ARGUMENT));
  }

  static Stream<BadRequest> creations() {
    return Stream.of(
        create("name that is taken", r -> r.setTopic(TOPIC), ERROR_REASON_TOPIC_EXISTS),
        create("-1 partitions", r -> r.setPartitions(-1), ERROR_REASON_INVALID_ARGUMENT),
        create("5,001 partitions", r -> r.setPartitions(5_001), ERROR_REASON_INVALID_ARGUMENT),
        create(
            "MAX partitions",
            r -> r.setPartitions(Integer.MAX_VALUE),
            ERROR_REASON_INVALID_ARGUMENT),
        create("-1 replicas", r -> r.setReplicationFactor(-1), ERROR_REASON_INVALID_ARGUMENT),
        create(
            "more replicas than nodes",
            r -> r.setReplicationFactor(4),
            ERROR_REASON_INVALID_ARGUMENT),
        create("99 replicas", r -> r.setReplicationFactor(99), ERROR_REASON_INVALID_ARGUMENT),
        create(
            "request id of 65 characters",
            r -> r.setRequestId("r".repeat(65)),
            ERROR_REASON_INVALID_ARGUMENT));
  }

  static Stream<BadRequest> others() {
    return Stream.of(
        describe("nowhere", ERROR_REASON_TOPIC_NOT_FOUND),
        describe("a/b", ERROR_REASON_INVALID_ARGUMENT),
        delete(r -> r.setTopic("nowhere"), ERROR_REASON_TOPIC_NOT_FOUND),
        delete(r -> r.setTopic("a/b"), ERROR_REASON_INVALID_ARGUMENT),
        delete(
            r -> r.setTopic(TOPIC).setTopicId(Long.MAX_VALUE),
            ERROR_REASON_WRONG_TOPIC_INCARNATION),
        list(r -> r.setPageSize(-1)),
        list(r -> r.setPageSize(1_001)),
        list(r -> r.setPageToken("\u0000 no token of ours")),
        BadRequest.of(
            "watch 10,001 topics",
            wire ->
                wire.cluster()
                    .watchTopology(
                        WatchTopologyRequest.newBuilder()
                            .addAllTopics(Collections.nCopies(10_001, TOPIC))
                            .build())
                    .forEachRemaining(response -> {}),
            ERROR_REASON_INVALID_ARGUMENT));
  }

  private static BadRequest create(
      String name, Consumer<CreateTopicRequest.Builder> spoil, ErrorReason... reasons) {
    CreateTopicRequest.Builder request =
        CreateTopicRequest.newBuilder().setTopic("never-created").setPartitions(1);
    spoil.accept(request);
    CreateTopicRequest built = request.build();
    return BadRequest.of("create: " + name, wire -> wire.admin().createTopic(built), reasons);
  }

  private static BadRequest describe(String topic, ErrorReason... reasons) {
    DescribeTopicRequest request = DescribeTopicRequest.newBuilder().setTopic(topic).build();
    return BadRequest.of("describe " + topic, wire -> wire.admin().describeTopic(request), reasons);
  }

  private static BadRequest delete(
      Consumer<DeleteTopicRequest.Builder> spoil, ErrorReason... reasons) {
    DeleteTopicRequest.Builder request = DeleteTopicRequest.newBuilder();
    spoil.accept(request);
    DeleteTopicRequest built = request.build();
    return BadRequest.of(
        "delete " + built.getTopic() + " " + built.getTopicId(),
        wire -> wire.admin().deleteTopic(built),
        reasons);
  }

  private static BadRequest list(Consumer<ListTopicsRequest.Builder> spoil) {
    ListTopicsRequest.Builder request = ListTopicsRequest.newBuilder();
    spoil.accept(request);
    ListTopicsRequest built = request.build();
    return BadRequest.of(
        "list, page size " + built.getPageSize(),
        wire -> wire.admin().listTopics(built),
        ERROR_REASON_INVALID_ARGUMENT);
  }
}
