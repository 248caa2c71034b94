package io.flotilla.cluster.badinput;

import static io.flotilla.cluster.badinput.BadRequest.PARTITIONS;
import static io.flotilla.cluster.badinput.BadRequest.TOPIC;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_EVENT_TOO_LARGE;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_INVALID_ARGUMENT;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Batches;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Header;
import io.flotilla.proto.v1.OpenProducerRequest;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishRequest;
import java.util.Collections;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a publish is told, and nobody else notices. */
class BadPublishTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final long AFTER_YEAR_9999 = 253_402_300_800_000L;
  private static final ProducerSession SOMEBODY =
      ProducerSession.newBuilder().setProducerId(1_000_000).build();

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, PARTITIONS);
  }

  @ParameterizedTest
  @MethodSource({"names", "places", "events", "sessions"})
  void isRefused(BadRequest request) {
    request.isRefusedBy(cluster);
  }

  static Stream<BadRequest> names() {
    return BadNames.all()
        .flatMap(
            name ->
                Stream.of(
                    publish(
                        "topic " + BadNames.shown(name),
                        request -> request.setTopic(name),
                        ERROR_REASON_INVALID_ARGUMENT),
                    BadRequest.of(
                        "producer name " + BadNames.shown(name),
                        wire ->
                            wire.producer()
                                .openProducer(
                                    OpenProducerRequest.newBuilder().setName(name).build()),
                        ERROR_REASON_INVALID_ARGUMENT)))
        // An empty producer name is an anonymous producer.
        .filter(request -> !request.name().equals("producer name " + BadNames.shown("")));
  }

  static Stream<BadRequest> places() {
    return Stream.of(
        publish("unknown topic", r -> r.setTopic("nowhere"), ERROR_REASON_TOPIC_NOT_FOUND),
        publish("partition -1", r -> r.setPartition(-1), ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "partition MIN", r -> r.setPartition(Integer.MIN_VALUE), ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "partition beyond the last",
            r -> r.setPartition(PARTITIONS),
            ERROR_REASON_PARTITION_NOT_FOUND),
        publish(
            "partition MAX",
            r -> r.setPartition(Integer.MAX_VALUE),
            ERROR_REASON_PARTITION_NOT_FOUND),
        publish("negative topic id", r -> r.setTopicId(-1), ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "another incarnation",
            r -> r.setTopicId(Long.MAX_VALUE),
            ERROR_REASON_WRONG_TOPIC_INCARNATION));
  }

  static Stream<BadRequest> events() {
    Event plain = Batches.event("key", "value");
    return Stream.of(
        publish("no event", r -> r.clearEvents(), ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "10,001 events",
            r -> r.addAllEvents(Collections.nCopies(10_000, plain)),
            ERROR_REASON_INVALID_ARGUMENT),
        event(
            "value over 1 MiB",
            plain.toBuilder().setValue(zeros(MIB + 1)),
            ERROR_REASON_EVENT_TOO_LARGE),
        publish(
            "events of one partition over 1 MiB",
            r ->
                r.setPartition(0)
                    .addAllEvents(
                        Collections.nCopies(5, plain.toBuilder().setValue(zeros(MIB / 4)).build())),
            ERROR_REASON_EVENT_TOO_LARGE),
        event(
            "key over 64 KiB",
            plain.toBuilder().setKey(zeros(64 * KIB + 1)),
            ERROR_REASON_EVENT_TOO_LARGE),
        event(
            "101 headers",
            plain.toBuilder()
                .addAllHeaders(Collections.nCopies(101, Header.newBuilder().setKey("h").build())),
            ERROR_REASON_INVALID_ARGUMENT),
        event(
            "header without name",
            plain.toBuilder().addHeaders(Header.getDefaultInstance()),
            ERROR_REASON_INVALID_ARGUMENT),
        event(
            "header name of 201 characters",
            plain.toBuilder().addHeaders(Header.newBuilder().setKey("h".repeat(201))),
            ERROR_REASON_INVALID_ARGUMENT),
        event(
            "headers over 64 KiB",
            plain.toBuilder().addHeaders(Header.newBuilder().setKey("h").setValue(zeros(64 * KIB))),
            ERROR_REASON_EVENT_TOO_LARGE),
        event(
            "timestamp -1",
            plain.toBuilder().setTimestampUnixMs(-1),
            ERROR_REASON_INVALID_ARGUMENT),
        event(
            "timestamp MAX",
            plain.toBuilder().setTimestampUnixMs(Long.MAX_VALUE),
            ERROR_REASON_INVALID_ARGUMENT),
        event(
            "timestamp after the year 9999",
            plain.toBuilder().setTimestampUnixMs(AFTER_YEAR_9999),
            ERROR_REASON_INVALID_ARGUMENT));
  }

  static Stream<BadRequest> sessions() {
    return Stream.of(
        publish(
            "producer without partition",
            r -> r.setProducer(SOMEBODY).setFirstSequence(0),
            ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "producer without sequence",
            r -> r.setProducer(SOMEBODY).setPartition(0),
            ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "sequence without producer",
            r -> r.setFirstSequence(0).setPartition(0),
            ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "sequence -1",
            r -> r.setProducer(SOMEBODY).setPartition(0).setFirstSequence(-1),
            ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "producer id -1",
            r ->
                r.setProducer(ProducerSession.newBuilder().setProducerId(-1))
                    .setPartition(0)
                    .setFirstSequence(0),
            ERROR_REASON_INVALID_ARGUMENT),
        publish(
            "epoch -1",
            r ->
                r.setProducer(SOMEBODY.toBuilder().setEpoch(-1))
                    .setPartition(0)
                    .setFirstSequence(0),
            ERROR_REASON_INVALID_ARGUMENT));
  }

  private static BadRequest publish(
      String name, Consumer<PublishRequest.Builder> spoil, ErrorReason... reasons) {
    PublishRequest.Builder request =
        PublishRequest.newBuilder().setTopic(TOPIC).addEvents(Batches.event("key", "spoiled"));
    spoil.accept(request);
    PublishRequest built = request.build();
    return BadRequest.of(name, wire -> wire.producer().publish(built), reasons);
  }

  private static BadRequest event(String name, Event.Builder event, ErrorReason... reasons) {
    return publish(name, request -> request.clearEvents().addEvents(event), reasons);
  }

  private static ByteString zeros(int size) {
    return ByteString.copyFrom(new byte[size]);
  }
}
