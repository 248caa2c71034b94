package io.flotilla.cluster.badinput;

import static io.flotilla.cluster.badinput.BadRequest.PARTITIONS;
import static io.flotilla.cluster.badinput.BadRequest.TOPIC;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_CORRUPT_BATCH;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_EVENT_TOO_LARGE;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_INVALID_ARGUMENT;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_SEQUENCE_GAP;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_STREAM_LIMIT;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_UNKNOWN_COMPRESSION;
import static io.flotilla.proto.types.v1.ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Batches;
import io.flotilla.cluster.workload.RawStream;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.EventList;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.Opened;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.Reject;
import io.grpc.Status;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A bad batch is rejected, and the stream it came on goes on. */
class BadBatchTest {
  private static final EventBatch GOOD = Batches.plain(Batches.event("key", "value"));
  private static final ByteString PAYLOAD = Batches.payload(Batches.event("key", "value"));
  private static final int MIB = 1 << 20;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  /** A batch that must be rejected. */
  record BadBatch(String name, PublishBatch batch, ErrorReason reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, PARTITIONS);
  }

  @ParameterizedTest
  @MethodSource({"places", "encodings"})
  void isRejectedAndTheStreamGoesOn(BadBatch bad) {
    cluster
        .ids()
        .forEach(
            node -> {
              try (RawStream stream = RawStream.on(cluster.wire(node))) {
                stream.open(OpenPublish.getDefaultInstance());
                stream.send(bad.batch().toBuilder().setBatchId(1).build());
                Reject reject = stream.next().getReject();
                assertThat(reject.getBatchId()).isEqualTo(1);
                assertThat(reject.getFailure().getReason()).isEqualTo(bad.reason());
                assertThat(reject.getFailure().getCode())
                    .isEqualTo(BadRequest.codeOf(bad.reason()));
                assertThat(reject.getFailure().getMessage()).isNotEmpty();

                PublishStreamResponse next = stream.settle(place(2).setEncoded(GOOD).build());

                assertThat(next.getAck().getBatchId()).isEqualTo(2);
              }
            });
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  static Stream<BadBatch> places() {
    return Stream.of(
        at("unknown topic", b -> b.setTopic("nowhere"), ERROR_REASON_TOPIC_NOT_FOUND),
        at("bad topic", b -> b.setTopic("../x"), ERROR_REASON_INVALID_ARGUMENT),
        at("partition -1", b -> b.setPartition(-1), ERROR_REASON_INVALID_ARGUMENT),
        at("no such partition", b -> b.setPartition(99), ERROR_REASON_PARTITION_NOT_FOUND),
        at(
            "another incarnation",
            b -> b.setTopicId(Long.MAX_VALUE),
            ERROR_REASON_WRONG_TOPIC_INCARNATION),
        at("no content", b -> b.clearContent(), ERROR_REASON_INVALID_ARGUMENT),
        at(
            "no events",
            b -> b.setEvents(EventList.getDefaultInstance()),
            ERROR_REASON_INVALID_ARGUMENT),
        at("sequence -1", b -> b.setFirstSequence(-1), ERROR_REASON_INVALID_ARGUMENT));
  }

  static Stream<BadBatch> encodings() {
    return Stream.of(
        encoded("wrong checksum", b -> b.setCrc32C(~b.getCrc32C()), ERROR_REASON_CORRUPT_BATCH),
        encoded(
            "flipped bit in the payload",
            b -> b.setPayload(flipped(b.getPayload())),
            ERROR_REASON_CORRUPT_BATCH),
        sealed("more events claimed than there are", none(2, PAYLOAD), ERROR_REASON_CORRUPT_BATCH),
        sealed(
            "fewer events claimed than there are",
            none(1, PAYLOAD.concat(PAYLOAD)),
            ERROR_REASON_CORRUPT_BATCH),
        sealed("no event claimed", none(0, PAYLOAD), ERROR_REASON_INVALID_ARGUMENT),
        sealed("negative events", none(-1, PAYLOAD), ERROR_REASON_INVALID_ARGUMENT),
        sealed("10,001 events", none(10_001, PAYLOAD), ERROR_REASON_INVALID_ARGUMENT),
        sealed("empty payload", none(1, ByteString.EMPTY), ERROR_REASON_CORRUPT_BATCH),
        sealed(
            "payload that is no event list",
            none(1, ByteString.copyFromUtf8("\u0007garbage")),
            ERROR_REASON_CORRUPT_BATCH),
        sealed(
            "size that is not the payload's",
            Batches.sealed(Compression.COMPRESSION_NONE, 1, PAYLOAD.size() + 1, PAYLOAD),
            ERROR_REASON_CORRUPT_BATCH),
        sealed(
            "negative size",
            Batches.sealed(Compression.COMPRESSION_ZSTD, 1, -1, PAYLOAD),
            ERROR_REASON_CORRUPT_BATCH),
        sealed(
            "declared size MAX",
            Batches.sealed(Compression.COMPRESSION_ZSTD, 1, Integer.MAX_VALUE, PAYLOAD),
            ERROR_REASON_EVENT_TOO_LARGE),
        sealed(
            "payload over 1 MiB",
            none(1, ByteString.copyFrom(new byte[MIB + 1])),
            ERROR_REASON_EVENT_TOO_LARGE),
        sealed(
            "no compression said",
            Batches.sealed(Compression.COMPRESSION_UNSPECIFIED, 1, PAYLOAD.size(), PAYLOAD),
            ERROR_REASON_UNKNOWN_COMPRESSION),
        encoded(
            "compression 99",
            b -> Batches.resealed(b.setCompressionValue(99).build()).toBuilder(),
            ERROR_REASON_UNKNOWN_COMPRESSION),
        encoded(
            "largest timestamp -1",
            b -> Batches.resealed(b.setMaxTimestampUnixMs(-1).build()).toBuilder(),
            ERROR_REASON_INVALID_ARGUMENT));
  }

  @Test
  void gapIsRejectedWithEveryLaterBatchOfThePartition() {
    try (RawStream stream = RawStream.on(cluster.wire(1))) {
      stream.open(OpenPublish.getDefaultInstance());
      PublishBatch first = place(1).setFirstSequence(0).setEncoded(GOOD).build();
      assertThat(stream.settle(first).getAck().getBatchId()).isEqualTo(1);
      stream.send(place(2).setFirstSequence(7).setEncoded(GOOD).build());
      stream.send(place(3).setFirstSequence(8).setEncoded(GOOD).build());

      for (int id = 2; id <= 3; id++) {
        Reject reject = stream.next().getReject();
        assertThat(reject.getBatchId()).isEqualTo(id);
        assertThat(reject.getFailure().getReason()).isEqualTo(ERROR_REASON_SEQUENCE_GAP);
      }
      stream.send(place(4).setFirstSequence(1).setEncoded(GOOD).build());
      assertThat(stream.next().getAck().getBatchId()).isEqualTo(4);
    }
  }

  @Test
  void overrunWindowIsRejectedOrHeldBackAndEveryBatchIsAnsweredOnce() {
    try (RawStream stream = RawStream.on(cluster.wire(1))) {
      Opened opened = stream.open(OpenPublish.getDefaultInstance());
      int sent = 3 * opened.getWindow().getBatches();
      TreeSet<Long> unanswered = new TreeSet<>();
      for (long id = 1; id <= sent; id++) {
        unanswered.add(id);
        stream.send(place(id).setEncoded(GOOD).build());
      }

      while (!unanswered.isEmpty()) {
        PublishStreamResponse answer = stream.next();
        boolean known =
            unanswered.remove(
                answer.hasAck() ? answer.getAck().getBatchId() : answer.getReject().getBatchId());
        assertThat(known).as("first answer: %s", answer).isTrue();
        if (answer.hasReject()) {
          assertThat(answer.getReject().getFailure().getReason())
              .isEqualTo(ERROR_REASON_STREAM_LIMIT);
        }
      }
    }
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  @Test
  void streamThatBeginsWithABatchIsEnded() {
    assertEndsInvalid(
        PublishStreamRequest.newBuilder().setBatch(place(1).setEncoded(GOOD)).build());
  }

  @Test
  void emptyRequestEndsTheStream() {
    assertEndsInvalid(PublishStreamRequest.getDefaultInstance());
  }

  @Test
  void secondOpenEndsTheStream() {
    try (RawStream stream = RawStream.on(cluster.wire(1))) {
      stream.open(OpenPublish.getDefaultInstance());
      stream.send(
          PublishStreamRequest.newBuilder().setOpen(OpenPublish.getDefaultInstance()).build());
      assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  private static void assertEndsInvalid(PublishStreamRequest first) {
    try (RawStream stream = RawStream.on(cluster.wire(1))) {
      stream.send(first);
      assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  private static BadBatch at(
      String name, UnaryOperator<PublishBatch.Builder> spoil, ErrorReason reason) {
    return new BadBatch(name, spoil.apply(place(1).setEncoded(GOOD)).build(), reason);
  }

  private static BadBatch encoded(
      String name, UnaryOperator<EventBatch.Builder> spoil, ErrorReason reason) {
    return sealed(name, spoil.apply(GOOD.toBuilder()).build(), reason);
  }

  private static BadBatch sealed(String name, EventBatch batch, ErrorReason reason) {
    return new BadBatch(name, place(1).setEncoded(batch).build(), reason);
  }

  private static EventBatch none(int eventCount, ByteString payload) {
    return Batches.sealed(Compression.COMPRESSION_NONE, eventCount, payload.size(), payload);
  }

  private static PublishBatch.Builder place(long batchId) {
    return PublishBatch.newBuilder().setBatchId(batchId).setTopic(TOPIC).setPartition(0);
  }

  private static ByteString flipped(ByteString payload) {
    byte[] bytes = payload.toByteArray();
    bytes[bytes.length / 2] ^= 1;
    return ByteString.copyFrom(bytes);
  }
}
