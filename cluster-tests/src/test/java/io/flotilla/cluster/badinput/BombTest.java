package io.flotilla.cluster.badinput;

import static io.flotilla.cluster.badinput.BadRequest.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Batches;
import io.flotilla.cluster.workload.RawStream;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.Skipped;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Payloads that unfold to far more than they say. The broker stores compressed payloads unopened,
 * so such a batch may be accepted; whoever subscribes to events is then told what was passed over,
 * and gets what follows.
 */
class BombTest {
  private static final int UNFOLDED_BYTES = 512 << 20;
  private static final long RESIDENT_GROWTH_KIB_MAX = 128 << 10;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  /** A payload with a lying header. */
  record Bomb(String name, EventBatch batch) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void createTopic() {
    cluster.createTopic(TOPIC, BadRequest.PARTITIONS);
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void isRejectedOrPassedOverAndLaterEventsArrive(Bomb bomb) {
    String topic = "bomb-" + bomb.name().replace(' ', '-');
    cluster.createTopic(topic, 1);
    long before = residentKib();
    try (RawStream stream = RawStream.on(cluster.wire(1))) {
      stream.open(OpenPublish.getDefaultInstance());
      PublishStreamResponse answer =
          stream.settle(place(topic, 1).setEncoded(bomb.batch()).build());
      if (answer.hasReject()) {
        assertThat(answer.getReject().getFailure().getReason())
            .isIn(ErrorReason.ERROR_REASON_CORRUPT_BATCH, ErrorReason.ERROR_REASON_EVENT_TOO_LARGE);
      }
      PublishBatch good =
          place(topic, 2).setEncoded(Batches.plain(Batches.event("key", "after"))).build();
      assertThat(stream.settle(good).hasAck()).isTrue();

      assertReadersGetWhatFollows(topic, answer.hasAck() ? 1 : 0);
    }
    assertThat(residentKib() - before).isLessThan(RESIDENT_GROWTH_KIB_MAX);
    BadRequest.leavesEveryNodeHealthy(cluster);
  }

  static Stream<Bomb> bombs() throws IOException {
    byte[] zeros = new byte[1 << 20];
    ByteArrayOutputStream lz4 = new ByteArrayOutputStream();
    try (LZ4FrameOutputStream out =
        new LZ4FrameOutputStream(lz4, LZ4FrameOutputStream.BLOCKSIZE.SIZE_4MB)) {
      for (int i = 0; i < 200; i++) {
        out.write(zeros);
      }
    }
    ByteString zstd = ByteString.copyFrom(Zstd.compress(new byte[UNFOLDED_BYTES]));
    ByteString frame = ByteString.copyFrom(lz4.toByteArray());
    ByteString garbage = ByteString.copyFromUtf8("not a frame at all");
    return Stream.of(
        new Bomb("zstd", Batches.sealed(Compression.COMPRESSION_ZSTD, 1, 1_000, zstd)),
        new Bomb("lz4", Batches.sealed(Compression.COMPRESSION_LZ4, 1, 1_000, frame)),
        new Bomb("zstd garbage", Batches.sealed(Compression.COMPRESSION_ZSTD, 1, 1_000, garbage)),
        new Bomb("lz4 garbage", Batches.sealed(Compression.COMPRESSION_LZ4, 1, 1_000, garbage)),
        new Bomb(
            "zstd zeros",
            Batches.sealed(
                Compression.COMPRESSION_ZSTD,
                1,
                8 << 20,
                ByteString.copyFrom(Zstd.compress(new byte[8 << 20])))));
  }

  private static void assertReadersGetWhatFollows(String topic, int passedOver) {
    cluster.awaitCaughtUp();
    cluster
        .ids()
        .forEach(
            node -> {
              List<String> values = new ArrayList<>();
              List<Skipped> skipped = new ArrayList<>();
              cluster
                  .wire(node)
                  .consumer()
                  .subscribe(everythingOf(topic))
                  .forEachRemaining(response -> collect(response, values, skipped));
              assertThat(values).containsExactly("after");
              assertThat(skipped).hasSize(passedOver);
              for (Skipped skip : skipped) {
                assertThat(skip.getFirstOffset()).isZero();
                assertThat(skip.getNextOffset()).isEqualTo(1);
                assertThat(skip.getFailure().getReason())
                    .isEqualTo(ErrorReason.ERROR_REASON_CORRUPT_BATCH);
              }
            });
  }

  private static void collect(
      SubscribeResponse response, List<String> values, List<Skipped> skipped) {
    response
        .getEventsList()
        .forEach(event -> values.add(event.getEvent().getValue().toStringUtf8()));
    skipped.addAll(response.getSkippedList());
  }

  private static SubscribeRequest everythingOf(String topic) {
    return SubscribeRequest.newBuilder()
        .setTopic(topic)
        .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
        .setUntilEnd(true)
        .build();
  }

  private static long residentKib() {
    return cluster.ids().mapToLong(node -> cluster.node(node).residentKib()).max().orElseThrow();
  }

  private static PublishBatch.Builder place(String topic, long batchId) {
    return PublishBatch.newBuilder().setBatchId(batchId).setTopic(topic).setPartition(0);
  }
}
