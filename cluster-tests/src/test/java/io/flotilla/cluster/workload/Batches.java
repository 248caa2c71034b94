package io.flotilla.cluster.workload;

import com.google.protobuf.ByteString;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.EventList;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Batches made by hand from the protocol's own words, so that a fault of the Java client's encoder
 * cannot hide one of the server's. Pure.
 */
public final class Batches {
  /** When the events of these batches happened. */
  public static final long TIMESTAMP_MILLIS = 1_600_000_000_000L;

  private Batches() {}

  /** An event whose key and value are text. */
  public static Event event(String key, String value) {
    return Event.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8(value))
        .setTimestampUnixMs(TIMESTAMP_MILLIS)
        .build();
  }

  /** The events, serialised as a payload is. */
  public static ByteString payload(Event... events) {
    return EventList.newBuilder().addAllEvents(List.of(events)).build().toByteString();
  }

  /** An uncompressed, correct batch. */
  public static EventBatch plain(Event... events) {
    ByteString payload = payload(events);
    return sealed(Compression.COMPRESSION_NONE, events.length, payload.size(), payload);
  }

  /** A batch of these fields whose checksum is right, whatever the fields say. */
  public static EventBatch sealed(
      Compression compression, int eventCount, int uncompressedBytes, ByteString payload) {
    return resealed(
        EventBatch.newBuilder()
            .setCompression(compression)
            .setEventCount(eventCount)
            .setUncompressedBytes(uncompressedBytes)
            .setMaxTimestampUnixMs(TIMESTAMP_MILLIS)
            .setPayload(payload)
            .build());
  }

  /** The same batch with the checksum that fits it. */
  public static EventBatch resealed(EventBatch batch) {
    ByteBuffer head =
        ByteBuffer.allocate(20)
            .putInt(batch.getCompressionValue())
            .putInt(batch.getEventCount())
            .putInt(batch.getUncompressedBytes())
            .putLong(batch.getMaxTimestampUnixMs())
            .flip();
    CRC32C crc = new CRC32C();
    crc.update(head);
    crc.update(batch.getPayload().asReadOnlyByteBuffer());
    return batch.toBuilder().setCrc32C((int) crc.getValue()).build();
  }
}
