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
import io.flotilla.proto.v1.AlterTopicRequest;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.TopicSettings;
import io.flotilla.proto.v1.TrimPartitionRequest;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with settings and trims is told, and nothing of it is done. */
class BadRetentionTest {
  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, PARTITIONS);
  }

  @ParameterizedTest
  @MethodSource({"times", "sizes", "changes", "trims"})
  void isRefused(BadRequest request) {
    request.isRefusedBy(cluster);
  }

  static Stream<BadRequest> times() {
    return LongStream.of(Long.MIN_VALUE, -2, 0, 999, 3_155_760_000_001L, Long.MAX_VALUE)
        .mapToObj(ms -> TopicSettings.newBuilder().setRetentionMs(ms).build())
        .flatMap(BadRetentionTest::setting);
  }

  static Stream<BadRequest> sizes() {
    return LongStream.of(Long.MIN_VALUE, -2, 0, (1 << 20) - 1, (1L << 50) + 1, Long.MAX_VALUE)
        .mapToObj(bytes -> TopicSettings.newBuilder().setRetentionBytes(bytes).build())
        .flatMap(BadRetentionTest::setting);
  }

  private static Stream<BadRequest> setting(TopicSettings settings) {
    CreateTopicRequest create =
        CreateTopicRequest.newBuilder().setTopic("never-created").setSettings(settings).build();
    return Stream.of(
        BadRequest.of(
            "create with " + settings,
            wire -> wire.admin().createTopic(create),
            ERROR_REASON_INVALID_ARGUMENT),
        alter(r -> r.setSet(settings), ERROR_REASON_INVALID_ARGUMENT));
  }

  static Stream<BadRequest> changes() {
    TopicSettings week = TopicSettings.newBuilder().setRetentionMs(604_800_000).build();
    return Stream.of(
        alter(r -> r.setTopic("nowhere").setSet(week), ERROR_REASON_TOPIC_NOT_FOUND),
        alter(r -> r.setTopic("a/b").setSet(week), ERROR_REASON_INVALID_ARGUMENT),
        alter(r -> r.setTopicId(Long.MAX_VALUE).setSet(week), ERROR_REASON_WRONG_TOPIC_INCARNATION),
        alter(r -> r.setTopicId(-1).setSet(week), ERROR_REASON_INVALID_ARGUMENT),
        alter(r -> {}, ERROR_REASON_INVALID_ARGUMENT),
        alter(r -> r.addReset("retention"), ERROR_REASON_INVALID_ARGUMENT),
        alter(r -> r.setSet(week).addReset("retention_ms"), ERROR_REASON_INVALID_ARGUMENT),
        alter(
            r -> r.addAllReset(Collections.nCopies(10_000, "retention_ms")),
            ERROR_REASON_INVALID_ARGUMENT));
  }

  static Stream<BadRequest> trims() {
    return Stream.of(
        trim(r -> r.setTopic("nowhere"), ERROR_REASON_TOPIC_NOT_FOUND),
        trim(r -> r.setTopic(""), ERROR_REASON_INVALID_ARGUMENT),
        trim(r -> r.setTopicId(Long.MAX_VALUE), ERROR_REASON_WRONG_TOPIC_INCARNATION),
        trim(r -> r.setPartition(-1), ERROR_REASON_INVALID_ARGUMENT),
        trim(r -> r.setPartition(PARTITIONS), ERROR_REASON_PARTITION_NOT_FOUND),
        trim(r -> r.setBeforeOffset(-2), ERROR_REASON_INVALID_ARGUMENT),
        trim(r -> r.setBeforeOffset(Long.MIN_VALUE), ERROR_REASON_INVALID_ARGUMENT),
        trim(r -> r.setBeforeOffset(Long.MAX_VALUE), ERROR_REASON_OFFSET_OUT_OF_RANGE));
  }

  private static BadRequest alter(
      Consumer<AlterTopicRequest.Builder> spoil, ErrorReason... reasons) {
    AlterTopicRequest.Builder request = AlterTopicRequest.newBuilder().setTopic(TOPIC);
    spoil.accept(request);
    AlterTopicRequest built = request.build();
    String name = built.getSet() + " reset " + built.getResetCount() + " of " + built.getTopic();
    return BadRequest.of("alter: " + name, wire -> wire.admin().alterTopic(built), reasons);
  }

  private static BadRequest trim(
      Consumer<TrimPartitionRequest.Builder> spoil, ErrorReason... reasons) {
    TrimPartitionRequest.Builder request = TrimPartitionRequest.newBuilder().setTopic(TOPIC);
    spoil.accept(request);
    TrimPartitionRequest built = request.build();
    return BadRequest.of("trim: " + built, wire -> wire.admin().trimPartition(built), reasons);
  }
}
