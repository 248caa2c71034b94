package io.flotilla.node.batch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.EventList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes, checks and opens event batches. Stateless. Refusals are {@link FlotillaException}s that
 * name what was found and what is allowed. Nothing here takes more memory than the limits allow,
 * whatever a batch claims of itself.
 */
public final class BatchCodec {

  /** The least bytes of an event in a payload: its tag and its length. */
  private static final int EVENT_BYTES_MIN = 2;

  private BatchCodec() {}

  /** The events as a batch. Stamping events that have no timestamp is the caller's. */
  public static EventBatch encode(List<Event> events, Compression compression) {
    byte[] plain = EventList.newBuilder().addAllEvents(events).build().toByteArray();
    long maxTimestamp = 0;
    for (Event event : events) {
      maxTimestamp = Math.max(maxTimestamp, event.getTimestampUnixMs());
    }
    EventBatch.Builder batch =
        EventBatch.newBuilder()
            .setCompression(compression)
            .setEventCount(events.size())
            .setUncompressedBytes(plain.length)
            .setMaxTimestampUnixMs(maxTimestamp)
            .setPayload(
                UnsafeByteOperations.unsafeWrap(PayloadCompression.compress(compression, plain)));
    return batch.setCrc32C(BatchChecksum.of(batch)).build();
  }

  /**
   * Refuses a batch that must not be appended. Opens the payload only when it is not compressed.
   */
  public static void check(EventBatch batch, BatchLimits limits) {
    checkHeader(batch, limits);
    checkCrc(batch);
    if (batch.getCompression() == Compression.COMPRESSION_NONE) {
      PayloadWalk.check(batch.getPayload(), batch.getEventCount(), limits);
    }
  }

  /**
   * The events of a batch; refuses what {@link #check} refuses, and a payload that is not as
   * declared.
   */
  public static List<Event> decode(EventBatch batch, BatchLimits limits) {
    checkHeader(batch, limits);
    checkCrc(batch);
    ByteString plain = PayloadCompression.decompress(batch);
    // Counted before the first object is made: a few bytes can claim millions of events or headers.
    PayloadWalk.check(plain, batch.getEventCount(), limits);
    CodedInputStream in = plain.newCodedInput();
    in.enableAliasing(true);
    List<Event> events = new ArrayList<>(batch.getEventCount());
    try {
      while (in.readTag() != 0) {
        int end = in.pushLimit(in.readRawVarint32());
        events.add(Event.parseFrom(in));
        in.popLimit(end);
      }
    } catch (IOException e) {
      throw corrupt("event " + events.size() + " of the payload cannot be read: " + e.getMessage());
    }
    return events;
  }

  /** Refuses an event that must not be published. Its value is bounded by the batch. */
  public static void checkEvent(Event event, BatchLimits limits) {
    EventCheck.check(event, limits);
  }

  /** Whether the batch is as its producer made it. */
  public static boolean crcMatches(EventBatch batch) {
    return BatchChecksum.of(batch) == batch.getCrc32C();
  }

  private static void checkHeader(EventBatch batch, BatchLimits limits) {
    switch (batch.getCompression()) {
      case COMPRESSION_NONE, COMPRESSION_ZSTD, COMPRESSION_LZ4 -> {}
      case COMPRESSION_UNSPECIFIED, UNRECOGNIZED ->
          throw new FlotillaException(
              ErrorReason.ERROR_REASON_UNKNOWN_COMPRESSION,
              "compression "
                  + batch.getCompressionValue()
                  + " is not known: use none, zstd or lz4");
    }
    int count = batch.getEventCount();
    if (count < 1 || count > limits.eventsMax()) {
      throw FlotillaException.invalid(
          "event_count " + count + " is not between 1 and " + limits.eventsMax());
    }
    EventCheck.timestamp("max_timestamp_unix_ms", batch.getMaxTimestampUnixMs());
    checkSizes(batch, limits);
  }

  private static void checkSizes(EventBatch batch, BatchLimits limits) {
    int sent = batch.getPayload().size();
    int plain = batch.getUncompressedBytes();
    if (sent > limits.batchBytesMax()) {
      throw tooLarge("payload of " + sent + " bytes is over " + limits.batchBytesMax());
    }
    if (plain > limits.uncompressedBytesMax()) {
      throw tooLarge("uncompressed_bytes " + plain + " is over " + limits.uncompressedBytesMax());
    }
    if (sent == 0) {
      throw corrupt("the payload is empty");
    }
    if (plain < batch.getEventCount() * EVENT_BYTES_MIN) {
      throw corrupt(
          "uncompressed_bytes " + plain + " cannot hold " + batch.getEventCount() + " events");
    }
    if (batch.getCompression() == Compression.COMPRESSION_NONE && sent != plain) {
      throw corrupt("payload has " + sent + " bytes, uncompressed_bytes says " + plain);
    }
  }

  private static void checkCrc(EventBatch batch) {
    int found = BatchChecksum.of(batch);
    if (found != batch.getCrc32C()) {
      throw corrupt(String.format("crc32c is %08x, the batch says %08x", found, batch.getCrc32C()));
    }
  }

  static FlotillaException corrupt(String message) {
    return new FlotillaException(ErrorReason.ERROR_REASON_CORRUPT_BATCH, message);
  }

  static FlotillaException tooLarge(String message) {
    return new FlotillaException(ErrorReason.ERROR_REASON_EVENT_TOO_LARGE, message);
  }
}
