package io.flotilla.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.client.Compression;
import io.flotilla.client.Event;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.EventList;
import io.flotilla.proto.types.v1.Retry;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EncodingTest {

  private static Batch batch() {
    Batch batch = new Batch(0);
    add(batch, Event.of("key", "value").withHeader("h", "x").withHeader("h", "y"), 7);
    add(batch, Event.of(null, new byte[0]), 9);
    add(batch, Event.of(new byte[] {1}, null), 8);
    add(batch, Event.of("k", "z".repeat(5_000)), 3);
    return batch;
  }

  private static void add(Batch batch, Event event, long timestamp) {
    batch.add(event, timestamp, EventEncoder.bodySize(event, timestamp), new CompletableFuture<>());
  }

  @Test
  void whatIsWrittenByHandIsWhatProtobufReads() throws Exception {
    for (Compression kind : Compression.values()) {
      EventBatch encoded = batch().encoded(kind);
      EventList events = BatchCodec.decode(encoded);
      assertThat(encoded.getEventCount()).isEqualTo(4);
      assertThat(encoded.getMaxTimestampUnixMs()).isEqualTo(9);
      assertThat(encoded.getUncompressedBytes()).isEqualTo(events.getSerializedSize());
      assertThat(events.getEvents(0).getKey().toStringUtf8()).isEqualTo("key");
      assertThat(events.getEvents(0).getHeaders(1).getValue().toStringUtf8()).isEqualTo("y");
      assertThat(events.getEvents(1).hasKey()).isFalse();
      assertThat(events.getEvents(1).hasValue()).isTrue();
      assertThat(events.getEvents(2).hasValue()).isFalse();
      assertThat(events.getEvents(3).getTimestampUnixMs()).isEqualTo(3);
    }
  }

  @Test
  void damageIsNoticed() {
    for (Compression kind : Compression.values()) {
      EventBatch encoded = batch().encoded(kind);
      byte[] payload = encoded.getPayload().toByteArray();
      payload[payload.length / 2] ^= 4;
      EventBatch damaged = encoded.toBuilder().setPayload(ByteString.copyFrom(payload)).build();
      assertThatThrownBy(() -> BatchCodec.decode(damaged))
          .isInstanceOf(BatchCodec.BadBatch.class)
          .hasMessageContaining("CRC-32C");
      EventBatch recounted = encoded.toBuilder().setEventCount(5).build();
      assertThatThrownBy(() -> BatchCodec.decode(recounted))
          .isInstanceOf(BatchCodec.BadBatch.class);
    }
  }

  /** Hashes that Kafka publishes in its own tests of its partitioner. */
  @Test
  void keysHashAsKafkasDo() {
    assertThat(hash("21")).isEqualTo(-973932308);
    assertThat(hash("foobar")).isEqualTo(-790332482);
    assertThat(hash("a-little-bit-long-string")).isEqualTo(-985981536);
    assertThat(hash("a-little-bit-longer-string")).isEqualTo(-1486304829);
    assertThat(hash("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8")).isEqualTo(-58897971);
    assertThat(Murmur2.hash(new byte[] {'a', 'b', 'c'})).isEqualTo(479470107);
  }

  private static int hash(String key) {
    return Murmur2.hash(key.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyReasonOfTheCatalogueSaysWhatToDo() {
    for (ErrorReason reason : ErrorReason.values()) {
      if (reason != ErrorReason.UNRECOGNIZED && reason.getNumber() != 0) {
        assertThat(ErrorSpecs.retryOf(reason, Status.Code.OK))
            .isNotEqualTo(Retry.RETRY_UNSPECIFIED);
        assertThat(ErrorSpecs.byShortName(ErrorSpecs.shortName(reason))).isEqualTo(reason);
      }
    }
    assertThat(ErrorSpecs.retryOf(ErrorReason.ERROR_REASON_NOT_LEADER, Status.Code.UNAVAILABLE))
        .isEqualTo(Retry.RETRY_ELSEWHERE);
  }
}
