package io.flotilla.node.batch;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.proto.types.v1.EventBatchOrBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of a batch as event.proto defines it. Reads the payload where it lies, without
 * copying.
 */
final class BatchChecksum {

  private static final int HEADER_BYTES = 3 * Integer.BYTES + Long.BYTES;

  private BatchChecksum() {}

  static int of(EventBatchOrBuilder batch) {
    ByteBuffer header =
        ByteBuffer.allocate(HEADER_BYTES)
            .putInt(batch.getCompressionValue())
            .putInt(batch.getEventCount())
            .putInt(batch.getUncompressedBytes())
            .putLong(batch.getMaxTimestampUnixMs());
    CRC32C crc = new CRC32C();
    crc.update(header.flip());
    update(crc, batch.getPayload());
    return (int) crc.getValue();
  }

  private static void update(CRC32C crc, ByteString payload) {
    try {
      UnsafeByteOperations.unsafeWriteTo(payload, new Sink(crc));
    } catch (IOException e) {
      throw new UncheckedIOException("a checksum does no input or output", e);
    }
  }

  /** Only reads what it is given, so the payload's own bytes may be lent to it. */
  private static final class Sink extends ByteOutput {
    private final CRC32C crc;

    Sink(CRC32C crc) {
      this.crc = crc;
    }

    @Override
    public void write(byte value) {
      crc.update(value);
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      crc.update(value, offset, length);
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      crc.update(value, offset, length);
    }

    @Override
    public void write(ByteBuffer value) {
      crc.update(value);
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      crc.update(value);
    }
  }
}
