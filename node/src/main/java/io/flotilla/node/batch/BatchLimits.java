package io.flotilla.node.batch;

/**
 * What a batch and an event may measure. Immutable.
 *
 * @param batchBytesMax bytes of a batch's payload as sent
 * @param uncompressedBytesMax bytes of a payload before compression: bounds what a decompression
 *     takes
 * @param eventsMax events in a batch
 * @param keyBytesMax bytes of an event's key
 * @param headersMax headers of an event
 * @param headerBytesMax bytes of an event's headers, names and values together
 */
public record BatchLimits(
    int batchBytesMax,
    int uncompressedBytesMax,
    int eventsMax,
    int keyBytesMax,
    int headersMax,
    int headerBytesMax) {

  /** Characters of a header's name, at least 1. */
  public static final int HEADER_NAME_CHARS_MAX = 200;

  /** The last millisecond of the year 9999, as google.protobuf.Timestamp has it. */
  public static final long TIMESTAMP_MS_MAX = 253_402_300_799_999L;

  public static BatchLimits defaults() {
    return new BatchLimits(1 << 20, 16 << 20, 10_000, 64 << 10, 100, 64 << 10);
  }

  /** These limits with another largest payload of a batch. */
  public BatchLimits withBatchBytesMax(int bytes) {
    return new BatchLimits(
        bytes, uncompressedBytesMax, eventsMax, keyBytesMax, headersMax, headerBytesMax);
  }
}
