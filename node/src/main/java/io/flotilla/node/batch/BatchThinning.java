package io.flotilla.node.batch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes events out of a stored batch. The others keep their bytes, their order and their offsets.
 * Pure: the same batch without the same events is the same content everywhere, although two
 * versions of a compression library may pack it differently; see {@link #content}.
 */
public final class BatchThinning {

  private BatchThinning() {}

  /**
   * The batch without some events; null when none is left.
   *
   * @param removed whether the event at an offset goes
   */
  public static @Nullable StoredBatch without(
      StoredBatch stored, LongPredicate removed, BatchLimits limits) {
    EventBatch batch = stored.getBatch();
    List<Event> events = BatchCodec.decode(batch, limits);
    List<ByteString> slices = slices(PayloadCompression.decompress(batch));
    ByteArrayOutputStream plain = new ByteArrayOutputStream(batch.getUncompressedBytes());
    List<Integer> deltas = new ArrayList<>();
    long maxTimestamp = 0;
    for (int i = 0; i < slices.size(); i++) {
      long offset = BatchOffsets.of(stored, i);
      if (!removed.test(offset)) {
        deltas.add((int) (offset - stored.getBaseOffset()));
        maxTimestamp = Math.max(maxTimestamp, events.get(i).getTimestampUnixMs());
        write(slices.get(i), plain);
      }
    }
    return deltas.isEmpty()
        ? null
        : stored.toBuilder()
            .setBatch(
                packed(batch.getCompression(), plain.toByteArray(), deltas.size(), maxTimestamp))
            .setOffsetSpan((int) (BatchOffsets.next(stored) - stored.getBaseOffset()))
            .clearOffsetDeltas()
            .addAllOffsetDeltas(deltas)
            .build();
  }

  private static EventBatch packed(
      Compression compression, byte[] plain, int count, long maxTimestamp) {
    EventBatch.Builder batch =
        EventBatch.newBuilder()
            .setCompression(compression)
            .setEventCount(count)
            .setUncompressedBytes(plain.length)
            .setMaxTimestampUnixMs(maxTimestamp)
            .setPayload(
                UnsafeByteOperations.unsafeWrap(PayloadCompression.compress(compression, plain)));
    return batch.setCrc32C(BatchChecksum.of(batch)).build();
  }

  /** The serialised events, each without tag and length. */
  private static List<ByteString> slices(ByteString plain) {
    List<ByteString> slices = new ArrayList<>();
    CodedInputStream in = plain.newCodedInput();
    in.enableAliasing(true);
    try {
      while (in.readTag() != 0) {
        slices.add(in.readBytes());
      }
    } catch (IOException e) {
      throw BatchCodec.corrupt("the payload breaks off: " + e.getMessage());
    }
    return slices;
  }

  private static void write(ByteString slice, ByteArrayOutputStream plain) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(plain, 16);
      out.writeUInt32NoTag(PayloadWalk.EVENT_TAG);
      out.writeUInt32NoTag(slice.size());
      out.flush();
      slice.writeTo(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does no input or output", e);
    }
  }

  /** The same batch not compressed: equal for equal content, whoever compressed it. */
  public static StoredBatch content(StoredBatch stored) {
    EventBatch batch = stored.getBatch();
    return stored.toBuilder()
        .setBatch(
            batch.toBuilder()
                .setCompression(Compression.COMPRESSION_NONE)
                .setPayload(PayloadCompression.decompress(batch))
                .setCrc32C(0))
        .build();
  }
}
