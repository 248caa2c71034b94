package io.flotilla.cluster.badinput;

import static io.flotilla.cluster.badinput.BadRequest.TOPIC;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_GROUP_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_INVALID_ARGUMENT;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_MEMBER_FENCED;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.Acknowledge;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.DeleteGroupRequest;
import io.flotilla.proto.v1.DescribeGroupRequest;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.JoinGroup;
import io.flotilla.proto.v1.ListGroupsRequest;
import io.flotilla.proto.v1.OffsetCommit;
import io.flotilla.proto.v1.ResetGroupRequest;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ways to misuse consumer groups: each is refused clearly, through every node. */
class BadGroupTest {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, BadRequest.PARTITIONS);
    cluster
        .anyWire()
        .offsets()
        .commitOffsets(
            CommitOffsetsRequest.newBuilder()
                .setGroup("there")
                .addOffsets(OffsetCommit.newBuilder().setTopic(TOPIC))
                .build());
  }

  @ParameterizedTest
  @MethodSource({"joins", "streams", "commits", "others"})
  void isRefused(BadRequest bad) {
    bad.isRefusedBy(cluster);
  }

  static Stream<BadRequest> joins() {
    return Stream.of(
        join("no group", join -> join.clearGroup()),
        join("a group with a slash", join -> join.setGroup("a/b")),
        join("a group of 201 characters", join -> join.setGroup("g".repeat(201))),
        join("no topics", join -> join.clearTopics()),
        join("a topic that can be none", join -> join.clearTopics().addTopics("a b")),
        join("nowhere to begin", join -> join.clearFrom()),
        join(
            "an offset to begin at",
            join ->
                join.setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_OFFSET).build())),
        join("a session timeout of 99 ms", join -> join.setSessionTimeoutMs(99)),
        join("a negative session timeout", join -> join.setSessionTimeoutMs(-1)),
        join("a revoke timeout of a day", join -> join.setRevokeTimeoutMs(86_400_000)),
        join("100,001 unacknowledged events", join -> join.setMaxUnackedEvents(100_001)),
        join("an assignor from the future", join -> join.setAssignorValue(99)),
        join("an instance id of 201", join -> join.setInstanceId("i".repeat(201))));
  }

  private static BadRequest join(String name, UnaryOperator<JoinGroup.Builder> wrong) {
    JoinGroup.Builder good =
        JoinGroup.newBuilder()
            .setGroup("bad")
            .addTopics(TOPIC)
            .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST));
    ConsumeRequest request = ConsumeRequest.newBuilder().setJoin(wrong.apply(good)).build();
    return BadRequest.of(name, wire -> consume(wire, request), ERROR_REASON_INVALID_ARGUMENT);
  }

  static Stream<BadRequest> streams() {
    return Stream.of(
        BadRequest.of(
            "an acknowledgement before join",
            wire ->
                consume(
                    wire,
                    ConsumeRequest.newBuilder().setAck(Acknowledge.getDefaultInstance()).build()),
            ERROR_REASON_INVALID_ARGUMENT),
        BadRequest.of(
            "an empty request",
            wire -> consume(wire, ConsumeRequest.getDefaultInstance()),
            ERROR_REASON_INVALID_ARGUMENT),
        BadRequest.of(
            "a session token that nobody gave out",
            wire ->
                consume(
                    wire,
                    ConsumeRequest.newBuilder()
                        .setJoin(
                            JoinGroup.newBuilder()
                                .setGroup("there")
                                .addTopics(TOPIC)
                                .setFrom(
                                    Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
                                .setSessionToken("mine"))
                        .build()),
            ERROR_REASON_MEMBER_FENCED));
  }

  /** Says one thing and waits for the end, which is thrown. */
  private static void consume(Wire wire, ConsumeRequest request) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    StreamObserver<ConsumeRequest> stream =
        wire.members()
            .consume(
                new StreamObserver<ConsumeResponse>() {
                  @Override
                  public void onNext(ConsumeResponse response) {
                    end.completeExceptionally(
                        new AssertionError("answered instead of refused: " + response));
                  }

                  @Override
                  public void onError(Throwable thrown) {
                    end.completeExceptionally(thrown);
                  }

                  @Override
                  public void onCompleted() {
                    end.complete(null);
                  }
                });
    stream.onNext(request);
    try {
      end.orTimeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }

  static Stream<BadRequest> commits() {
    return Stream.of(
        commit("nothing to commit", commit -> commit.clearOffsets()),
        commit("no group", commit -> commit.clearGroup()),
        commit("a negative offset", commit -> commit.setOffsets(0, offset().setOffset(-1))),
        commit("a negative partition", commit -> commit.setOffsets(0, offset().setPartition(-1))),
        commit(
            "a negative generation", commit -> commit.setOffsets(0, offset().setGeneration(-1))));
  }

  private static OffsetCommit.Builder offset() {
    return OffsetCommit.newBuilder().setTopic(TOPIC);
  }

  private static BadRequest commit(String name, UnaryOperator<CommitOffsetsRequest.Builder> wrong) {
    CommitOffsetsRequest.Builder good =
        CommitOffsetsRequest.newBuilder().setGroup("there").addOffsets(offset());
    return BadRequest.of(
        name,
        wire -> {
          var unused = wire.offsets().commitOffsets(wrong.apply(good).build());
        },
        ERROR_REASON_INVALID_ARGUMENT);
  }

  static Stream<BadRequest> others() {
    return Stream.of(
        BadRequest.of(
            "offsets of a topic that is not there",
            wire -> {
              var unused =
                  wire.offsets()
                      .fetchOffsets(
                          FetchOffsetsRequest.newBuilder()
                              .setGroup("there")
                              .setTopic("nowhere")
                              .build());
            },
            ERROR_REASON_TOPIC_NOT_FOUND),
        BadRequest.of(
            "a description of no group",
            wire -> {
              var unused =
                  wire.groups()
                      .describeGroup(DescribeGroupRequest.newBuilder().setGroup("none").build());
            },
            ERROR_REASON_GROUP_NOT_FOUND),
        BadRequest.of(
            "a page of another list",
            wire -> {
              var unused =
                  wire.groups()
                      .listGroups(ListGroupsRequest.newBuilder().setPageToken("!").build());
            },
            ERROR_REASON_INVALID_ARGUMENT),
        reset("a reset of no group", reset -> reset.setGroup("none"), ERROR_REASON_GROUP_NOT_FOUND),
        reset("a reset to nowhere", reset -> reset.clearTo(), ERROR_REASON_INVALID_ARGUMENT),
        reset(
            "a reset beyond the end",
            reset ->
                reset.setTo(
                    Position.newBuilder()
                        .setFrom(StartFrom.START_FROM_OFFSET)
                        .setOffset(1L << 40)
                        .build()),
            ERROR_REASON_OFFSET_OUT_OF_RANGE),
        BadRequest.of(
            "deleting no group",
            wire -> {
              var unused =
                  wire.groups()
                      .deleteGroup(DeleteGroupRequest.newBuilder().setGroup("none").build());
            },
            ERROR_REASON_GROUP_NOT_FOUND));
  }

  private static BadRequest reset(
      String name, UnaryOperator<ResetGroupRequest.Builder> wrong, ErrorReason reason) {
    ResetGroupRequest.Builder good =
        ResetGroupRequest.newBuilder()
            .setGroup("there")
            .setTopic(TOPIC)
            .setTo(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST));
    return BadRequest.of(
        name,
        wire -> {
          var unused = wire.groups().resetGroup(wrong.apply(good).build());
        },
        reason);
  }
}
