package io.flotilla.node.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.EventList;
import io.flotilla.proto.types.v1.Header;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchCodecTest {

  private static final BatchLimits LIMITS = BatchLimits.defaults();

  private static Event event(String value, long timestampMs) {
    return Event.newBuilder()
        .setValue(ByteString.copyFromUtf8(value))
        .setTimestampUnixMs(timestampMs)
        .build();
  }

  private static EventBatch good() {
    return BatchCodec.encode(List.of(event("a", 30), event("b", 10)), Compression.COMPRESSION_NONE);
  }

  /** A batch whose checksum is right, so that something else must catch it. */
  private static EventBatch sealed(EventBatch.Builder batch) {
    return batch.setCrc32C(BatchChecksum.of(batch)).build();
  }

  private static EventBatch sealed(Compression compression, int count, int plain, byte[] payload) {
    return sealed(
        EventBatch.newBuilder()
            .setCompression(compression)
            .setEventCount(count)
            .setUncompressedBytes(plain)
            .setPayload(ByteString.copyFrom(payload)));
  }

  private static void assertRefused(ErrorReason reason, EventBatch batch) {
    assertReason(reason, () -> BatchCodec.check(batch, LIMITS));
    assertReason(reason, () -> BatchCodec.decode(batch, LIMITS));
  }

  private static void assertReason(ErrorReason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FlotillaException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .message()
        .isNotBlank();
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPRESSION_NONE", "COMPRESSION_ZSTD", "COMPRESSION_LZ4"})
  void whatIsEncodedIsDecoded(Compression compression) {
    List<Event> events = IntStream.range(0, 1000).mapToObj(i -> event("value " + i, i)).toList();
    EventBatch batch = BatchCodec.encode(events, compression);
    BatchCodec.check(batch, LIMITS);
    assertThat(BatchCodec.decode(batch, LIMITS)).isEqualTo(events);
    assertThat(batch.getMaxTimestampUnixMs()).isEqualTo(999);
    assertThat(batch.getEventCount()).isEqualTo(1000);
  }

  @Test
  void theChecksumIsAsTheProtocolDefinesIt() {
    EventBatch batch = good();
    ByteBuffer bytes = ByteBuffer.allocate(20 + batch.getPayload().size());
    bytes.putInt(1).putInt(2).putInt(batch.getUncompressedBytes()).putLong(30);
    bytes.put(batch.getPayload().toByteArray());
    CRC32C crc = new CRC32C();
    crc.update(bytes.array());
    assertThat(batch.getCrc32C()).isEqualTo((int) crc.getValue());
  }

  @Test
  void anyFlippedBitOfThePayloadIsFound() {
    EventBatch batch = good();
    for (int bit = 0; bit < batch.getPayload().size() * 8; bit++) {
      byte[] payload = batch.getPayload().toByteArray();
      payload[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(
          ErrorReason.ERROR_REASON_CORRUPT_BATCH,
          batch.toBuilder().setPayload(ByteString.copyFrom(payload)).build());
    }
  }

  @Test
  void aChangedHeaderIsFound() {
    EventBatch changed = good().toBuilder().setMaxTimestampUnixMs(31).build();
    assertThat(BatchCodec.crcMatches(changed)).isFalse();
    assertRefused(ErrorReason.ERROR_REASON_CORRUPT_BATCH, changed);
  }

  @Test
  void unknownCompressionIsRefused() {
    for (int compression : new int[] {0, 4, 99}) {
      assertRefused(
          ErrorReason.ERROR_REASON_UNKNOWN_COMPRESSION,
          sealed(good().toBuilder().setCompressionValue(compression)));
    }
  }

  @Test
  void countsOutsideTheLimitAreRefused() {
    for (int count : new int[] {-1, 0, 10_001, Integer.MAX_VALUE}) {
      assertRefused(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          sealed(good().toBuilder().setEventCount(count)));
    }
  }

  @Test
  void aCountThatThePayloadDoesNotHoldIsRefused() {
    for (int count : new int[] {1, 3}) {
      assertRefused(
          ErrorReason.ERROR_REASON_CORRUPT_BATCH, sealed(good().toBuilder().setEventCount(count)));
    }
  }

  @Test
  void aPayloadThatIsNoEventListIsRefused() {
    byte[][] payloads = {{0x12, 0x00}, {0x0a, 0x7f}, {0x08, 0x01}, {0x0a, 0x02, 0x0a, 0x05}};
    for (byte[] payload : payloads) {
      assertRefused(
          ErrorReason.ERROR_REASON_CORRUPT_BATCH,
          sealed(Compression.COMPRESSION_NONE, 1, payload.length, payload));
    }
  }

  @Test
  void timestampsOutsideTheCalendarAreRefused() {
    for (long timestamp : new long[] {-1, BatchLimits.TIMESTAMP_MS_MAX + 1}) {
      assertRefused(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          sealed(good().toBuilder().setMaxTimestampUnixMs(timestamp)));
    }
  }

  @Test
  void sizesOverTheLimitAreRefused() {
    EventBatch large =
        BatchCodec.encode(List.of(event("x".repeat(1 << 20), 1)), Compression.COMPRESSION_NONE);
    assertRefused(ErrorReason.ERROR_REASON_EVENT_TOO_LARGE, large);
    assertRefused(
        ErrorReason.ERROR_REASON_EVENT_TOO_LARGE,
        sealed(good().toBuilder().setUncompressedBytes((16 << 20) + 1)));
  }

  @Test
  void aDeclaredSizeThatIsNotTheSizeIsRefused() {
    for (int declared : new int[] {-5, 0, 3, 100}) {
      assertRefused(
          ErrorReason.ERROR_REASON_CORRUPT_BATCH,
          sealed(good().toBuilder().setUncompressedBytes(declared)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPRESSION_ZSTD", "COMPRESSION_LZ4"})
  void aBombEndsAtItsDeclaredSize(Compression compression) {
    byte[] bomb = PayloadCompression.compress(compression, new byte[200 << 20]);
    assertThat(bomb.length).isLessThan(LIMITS.batchBytesMax());
    for (int declared : new int[] {100, 16 << 20}) {
      EventBatch batch = sealed(compression, 1, declared, bomb);
      BatchCodec.check(batch, LIMITS);
      assertReason(ErrorReason.ERROR_REASON_CORRUPT_BATCH, () -> BatchCodec.decode(batch, LIMITS));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPRESSION_ZSTD", "COMPRESSION_LZ4"})
  void aCompressedPayloadThatIsNotAsDeclaredIsRefused(Compression compression) {
    EventBatch batch = BatchCodec.encode(List.of(event("abc", 1)), compression);
    byte[] payload = batch.getPayload().toByteArray();
    byte[] followed = Arrays.copyOf(payload, payload.length + 3);
    byte[] cut = Arrays.copyOf(payload, payload.length / 2);
    for (byte[] bad : new byte[][] {followed, cut, {}, {1, 2, 3, 4, 5, 6, 7, 8}}) {
      EventBatch wrong = sealed(compression, 1, batch.getUncompressedBytes(), bad);
      assertReason(ErrorReason.ERROR_REASON_CORRUPT_BATCH, () -> BatchCodec.decode(wrong, LIMITS));
    }
    for (int declared : new int[] {batch.getUncompressedBytes() - 1, 5000}) {
      EventBatch wrong = sealed(compression, 1, declared, payload);
      assertReason(ErrorReason.ERROR_REASON_CORRUPT_BATCH, () -> BatchCodec.decode(wrong, LIMITS));
    }
  }

  /**
   * Two bytes make an empty event or header: millions would fit into the bytes that are allowed.
   */
  @Test
  void manyTinyEventsOrHeadersEndAtTheDeclaredCount() {
    byte[] events = new byte[8 << 20];
    for (int i = 0; i < events.length; i += 2) {
      events[i] = 0x0a;
    }
    Event.Builder manyHeaders = Event.newBuilder();
    for (int i = 0; i < 1000; i++) {
      manyHeaders.addHeaders(Header.getDefaultInstance());
    }
    byte[] headers = EventList.newBuilder().addEvents(manyHeaders).build().toByteArray();
    for (byte[] plain : new byte[][] {events, headers}) {
      byte[] payload = PayloadCompression.compress(Compression.COMPRESSION_ZSTD, plain);
      EventBatch batch = sealed(Compression.COMPRESSION_ZSTD, 1, plain.length, payload);
      assertReason(ErrorReason.ERROR_REASON_CORRUPT_BATCH, () -> BatchCodec.decode(batch, LIMITS));
    }
  }

  @Test
  void plainEventsAreHeldToTheLimits() {
    BatchCodec.checkEvent(event("a", 0), LIMITS);
    BatchCodec.checkEvent(event("a", BatchLimits.TIMESTAMP_MS_MAX), LIMITS);
    assertEvent(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, event("a", -1).toBuilder());
    assertEvent(
        ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
        event("a", BatchLimits.TIMESTAMP_MS_MAX + 1).toBuilder());
    assertEvent(
        ErrorReason.ERROR_REASON_EVENT_TOO_LARGE,
        Event.newBuilder().setKey(ByteString.copyFrom(new byte[(64 << 10) + 1])));
  }

  @Test
  void headersAreHeldToTheLimits() {
    Header named = Header.newBuilder().setKey("name").build();
    Event.Builder many = Event.newBuilder();
    for (int i = 0; i < 100; i++) {
      many.addHeaders(named);
    }
    BatchCodec.checkEvent(many.build(), LIMITS);
    assertEvent(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, many.addHeaders(named));
    for (String key : List.of("", "x".repeat(201))) {
      assertEvent(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          Event.newBuilder().addHeaders(Header.newBuilder().setKey(key)));
    }
    Header large =
        Header.newBuilder().setKey("k").setValue(ByteString.copyFrom(new byte[40 << 10])).build();
    assertEvent(
        ErrorReason.ERROR_REASON_EVENT_TOO_LARGE,
        Event.newBuilder().addHeaders(large).addHeaders(large));
  }

  private static void assertEvent(ErrorReason reason, Event.Builder event) {
    assertReason(reason, () -> BatchCodec.checkEvent(event.build(), LIMITS));
  }
}
