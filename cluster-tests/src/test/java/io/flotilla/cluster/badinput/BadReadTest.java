package io.flotilla.cluster.badinput;

import static io.flotilla.cluster.badinput.BadRequest.PARTITIONS;
import static io.flotilla.cluster.badinput.BadRequest.TOPIC;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_INVALID_ARGUMENT;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION;

import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.PartitionOffset;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.FetchRequest;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.SubscribeRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a read is told, with the valid range where there is one. */
class BadReadTest {
  private static final long AFTER_YEAR_9999 = 253_402_300_800_000L;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, PARTITIONS);
  }

  @ParameterizedTest
  @MethodSource({"subscriptions", "badOffsets", "fetches", "offsetQuestions"})
  void isRefused(BadRequest request) {
    request.isRefusedBy(cluster);
  }

  static Stream<BadRequest> subscriptions() {
    return Stream.of(
        subscribe("bad topic", r -> r.setTopic("a/b"), ERROR_REASON_INVALID_ARGUMENT),
        subscribe("unknown topic", r -> r.setTopic("nowhere"), ERROR_REASON_TOPIC_NOT_FOUND),
        subscribe("no position", r -> r.clearFrom(), ERROR_REASON_INVALID_ARGUMENT),
        subscribe(
            "position unspecified",
            r -> r.setFrom(Position.getDefaultInstance()),
            ERROR_REASON_INVALID_ARGUMENT),
        subscribe(
            "position of an unknown kind",
            r -> r.setFrom(Position.newBuilder().setFromValue(99)),
            ERROR_REASON_INVALID_ARGUMENT),
        subscribe("partition -1", r -> r.addPartitions(-1), ERROR_REASON_INVALID_ARGUMENT),
        subscribe("partition 99", r -> r.addPartitions(99), ERROR_REASON_PARTITION_NOT_FOUND),
        subscribe(
            "a partition twice",
            r -> r.addPartitions(0).addPartitions(0),
            ERROR_REASON_INVALID_ARGUMENT),
        subscribe("time -1", r -> r.setFrom(time(-1)), ERROR_REASON_INVALID_ARGUMENT),
        subscribe(
            "time after the year 9999",
            r -> r.setFrom(time(AFTER_YEAR_9999)),
            ERROR_REASON_INVALID_ARGUMENT),
        subscribe("max_events -1", r -> r.setMaxEvents(-1), ERROR_REASON_INVALID_ARGUMENT),
        subscribe(
            "resume beyond the end",
            r -> r.addResume(PartitionOffset.newBuilder().setOffset(1_000_000)),
            ERROR_REASON_OFFSET_OUT_OF_RANGE),
        subscribe(
            "resume a partition twice",
            r ->
                r.addResume(PartitionOffset.getDefaultInstance())
                    .addResume(PartitionOffset.getDefaultInstance()),
            ERROR_REASON_INVALID_ARGUMENT),
        subscribe(
            "another incarnation",
            r -> r.setTopicId(Long.MAX_VALUE),
            ERROR_REASON_WRONG_TOPIC_INCARNATION),
        subscribe("topic id -1", r -> r.setTopicId(-1), ERROR_REASON_INVALID_ARGUMENT));
  }

  static Stream<BadRequest> badOffsets() {
    return LongStream.of(-1, Long.MIN_VALUE, 1_000_000, Long.MAX_VALUE)
        .boxed()
        .flatMap(
            offset ->
                Stream.of(
                    subscribe(
                        "from offset " + offset,
                        r -> r.setFrom(offset(offset)),
                        ERROR_REASON_OFFSET_OUT_OF_RANGE),
                    fetch(
                        "offset " + offset,
                        r -> r.setOffset(offset),
                        ERROR_REASON_OFFSET_OUT_OF_RANGE)));
  }

  static Stream<BadRequest> fetches() {
    return Stream.of(
        fetch("bad topic", r -> r.setTopic("a/b"), ERROR_REASON_INVALID_ARGUMENT),
        fetch("unknown topic", r -> r.setTopic("nowhere"), ERROR_REASON_TOPIC_NOT_FOUND),
        fetch("partition -1", r -> r.setPartition(-1), ERROR_REASON_INVALID_ARGUMENT),
        fetch(
            "partition MAX",
            r -> r.setPartition(Integer.MAX_VALUE),
            ERROR_REASON_PARTITION_NOT_FOUND),
        fetch("max_bytes -1", r -> r.setMaxBytes(-1), ERROR_REASON_INVALID_ARGUMENT),
        fetch(
            "max_bytes MAX", r -> r.setMaxBytes(Integer.MAX_VALUE), ERROR_REASON_INVALID_ARGUMENT),
        fetch("max_wait -1", r -> r.setMaxWaitMs(-1), ERROR_REASON_INVALID_ARGUMENT),
        fetch("max_wait 30,001", r -> r.setMaxWaitMs(30_001), ERROR_REASON_INVALID_ARGUMENT),
        fetch(
            "another incarnation",
            r -> r.setTopicId(Long.MAX_VALUE),
            ERROR_REASON_WRONG_TOPIC_INCARNATION));
  }

  static Stream<BadRequest> offsetQuestions() {
    return Stream.of(
        ask("bad topic", r -> r.setTopic(".."), ERROR_REASON_INVALID_ARGUMENT),
        ask("unknown topic", r -> r.setTopic("nowhere"), ERROR_REASON_TOPIC_NOT_FOUND),
        ask("no position", r -> r.clearPosition(), ERROR_REASON_INVALID_ARGUMENT),
        ask("partition -1", r -> r.addPartitions(-1), ERROR_REASON_INVALID_ARGUMENT),
        ask("partition 99", r -> r.addPartitions(99), ERROR_REASON_PARTITION_NOT_FOUND),
        ask(
            "a partition twice",
            r -> r.addAllPartitions(List.of(1, 1)),
            ERROR_REASON_INVALID_ARGUMENT),
        ask("time -1", r -> r.setPosition(time(-1)), ERROR_REASON_INVALID_ARGUMENT),
        ask("time MAX", r -> r.setPosition(time(Long.MAX_VALUE)), ERROR_REASON_INVALID_ARGUMENT),
        ask(
            "another incarnation",
            r -> r.setTopicId(Long.MAX_VALUE),
            ERROR_REASON_WRONG_TOPIC_INCARNATION));
  }

  private static BadRequest subscribe(
      String name, Consumer<SubscribeRequest.Builder> spoil, ErrorReason... reasons) {
    SubscribeRequest.Builder request =
        SubscribeRequest.newBuilder()
            .setTopic(TOPIC)
            .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST));
    spoil.accept(request);
    SubscribeRequest built = request.build();
    return BadRequest.of(
        "subscribe: " + name,
        wire -> wire.consumer().subscribe(built).forEachRemaining(response -> {}),
        reasons);
  }

  private static BadRequest fetch(
      String name, Consumer<FetchRequest.Builder> spoil, ErrorReason... reasons) {
    FetchRequest.Builder request = FetchRequest.newBuilder().setTopic(TOPIC);
    spoil.accept(request);
    FetchRequest built = request.build();
    return BadRequest.of("fetch: " + name, wire -> wire.consumer().fetch(built), reasons);
  }

  private static BadRequest ask(
      String name, Consumer<ListOffsetsRequest.Builder> spoil, ErrorReason... reasons) {
    ListOffsetsRequest.Builder request =
        ListOffsetsRequest.newBuilder()
            .setTopic(TOPIC)
            .setPosition(Position.newBuilder().setFrom(StartFrom.START_FROM_LATEST));
    spoil.accept(request);
    ListOffsetsRequest built = request.build();
    return BadRequest.of(
        "list offsets: " + name, wire -> wire.consumer().listOffsets(built), reasons);
  }

  private static Position.Builder offset(long offset) {
    return Position.newBuilder().setFrom(StartFrom.START_FROM_OFFSET).setOffset(offset);
  }

  private static Position.Builder time(long time) {
    return Position.newBuilder().setFrom(StartFrom.START_FROM_TIME).setTimeUnixMs(time);
  }
}
