package io.flotilla.client.internal;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.client.Compression;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.EventList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/** Between a serialised EventList and the batch that is sent and stored. Pure. */
final class BatchCodec {

  /** A stored batch that claims to be larger than this when opened is taken for damaged. */
  static final int UNCOMPRESSED_BYTES_MAX = 64 << 20;

  /** Half of the time that zstd's own default, 3, takes, for payloads that are no larger. */
  private static final int ZSTD_LEVEL = 1;

  private static final int CHECKED_HEADER_BYTES = 4 + 4 + 4 + 8;

  /** Why a batch cannot be read. */
  static final class BadBatch extends Exception {
    private static final long serialVersionUID = 1L;

    BadBatch(String message) {
      super(message);
    }

    BadBatch(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private BatchCodec() {}

  /** Takes the first {@code length} bytes of {@code events} over: do not change them afterwards. */
  static EventBatch encode(
      byte[] events, int length, int count, long maxTimestamp, Compression kind) {
    EventBatch.Builder batch =
        EventBatch.newBuilder()
            .setCompression(wire(kind))
            .setEventCount(count)
            .setUncompressedBytes(length)
            .setMaxTimestampUnixMs(maxTimestamp)
            .setPayload(compress(events, length, kind));
    return batch.setCrc32C(crc(batch.buildPartial())).build();
  }

  /** Checks and opens a batch. */
  static EventList decode(EventBatch batch) throws BadBatch {
    int crc = crc(batch);
    if (crc != batch.getCrc32C()) {
      throw new BadBatch(
          String.format(
              "CRC-32C of the batch is %08x, its header says %08x", crc, batch.getCrc32C()));
    }
    if (batch.getUncompressedBytes() < 0 || batch.getUncompressedBytes() > UNCOMPRESSED_BYTES_MAX) {
      throw new BadBatch("a batch of " + batch.getUncompressedBytes() + " bytes cannot be");
    }
    try {
      EventList events = EventList.parseFrom(decompress(batch));
      if (events.getEventsCount() != batch.getEventCount()) {
        throw new BadBatch(
            "the batch holds "
                + events.getEventsCount()
                + " events, its header says "
                + batch.getEventCount());
      }
      return events;
    } catch (InvalidProtocolBufferException e) {
      throw new BadBatch("the payload of the batch is not a list of events", e);
    }
  }

  /** Over the header's fields in big endian, then the payload as sent. */
  static int crc(EventBatch batch) {
    ByteBuffer header = ByteBuffer.allocate(CHECKED_HEADER_BYTES);
    header
        .putInt(batch.getCompressionValue())
        .putInt(batch.getEventCount())
        .putInt(batch.getUncompressedBytes())
        .putLong(batch.getMaxTimestampUnixMs())
        .flip();
    CRC32C crc = new CRC32C();
    crc.update(header);
    batch.getPayload().asReadOnlyByteBufferList().forEach(crc::update);
    return (int) crc.getValue();
  }

  private static io.flotilla.proto.types.v1.Compression wire(Compression kind) {
    return switch (kind) {
      case NONE -> io.flotilla.proto.types.v1.Compression.COMPRESSION_NONE;
      case ZSTD -> io.flotilla.proto.types.v1.Compression.COMPRESSION_ZSTD;
      case LZ4 -> io.flotilla.proto.types.v1.Compression.COMPRESSION_LZ4;
    };
  }

  private static ByteString compress(byte[] events, int length, Compression kind) {
    return switch (kind) {
      case NONE -> UnsafeByteOperations.unsafeWrap(events, 0, length);
      case ZSTD -> {
        byte[] target = new byte[(int) Zstd.compressBound(length)];
        long size = Zstd.compressByteArray(target, 0, target.length, events, 0, length, ZSTD_LEVEL);
        if (Zstd.isError(size)) {
          throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
        }
        yield UnsafeByteOperations.unsafeWrap(target, 0, (int) size);
      }
      case LZ4 -> {
        ByteArrayOutputStream target = new ByteArrayOutputStream(length / 2 + 64);
        try (LZ4FrameOutputStream lz4 =
            new LZ4FrameOutputStream(target, LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB)) {
          lz4.write(events, 0, length);
        } catch (IOException e) {
          throw new IllegalStateException("lz4 into memory", e);
        }
        yield UnsafeByteOperations.unsafeWrap(target.toByteArray());
      }
    };
  }

  private static ByteString decompress(EventBatch batch) throws BadBatch {
    int length = batch.getUncompressedBytes();
    ByteString payload = batch.getPayload();
    return switch (batch.getCompression()) {
      case COMPRESSION_NONE -> exactly(length, payload.size(), payload);
      case COMPRESSION_ZSTD -> {
        byte[] target = new byte[length];
        byte[] source = payload.toByteArray();
        long size = Zstd.decompressByteArray(target, 0, length, source, 0, source.length);
        if (Zstd.isError(size)) {
          throw new BadBatch("zstd: " + Zstd.getErrorName(size));
        }
        yield exactly(length, size, UnsafeByteOperations.unsafeWrap(target));
      }
      case COMPRESSION_LZ4 -> {
        try (LZ4FrameInputStream lz4 = new LZ4FrameInputStream(payload.newInput())) {
          byte[] target = lz4.readNBytes(length + 1);
          yield exactly(length, target.length, UnsafeByteOperations.unsafeWrap(target));
        } catch (IOException e) {
          throw new BadBatch("lz4: " + e.getMessage(), e);
        }
      }
      case COMPRESSION_UNSPECIFIED, UNRECOGNIZED ->
          throw new BadBatch("compression " + batch.getCompressionValue() + " is not known");
    };
  }

  private static ByteString exactly(int expected, long found, ByteString bytes) throws BadBatch {
    if (expected != found) {
      throw new BadBatch("the payload opens to " + found + " bytes, its header says " + expected);
    }
    return bytes;
  }
}
