package io.flotilla.node.batch;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/**
 * Payloads in and out of compression. Stateless. Decompresses into an array of the declared size,
 * which the caller has bounded, and never beyond: a bomb ends there.
 */
final class PayloadCompression {

  private PayloadCompression() {}

  static byte[] compress(Compression compression, byte[] plain) {
    return switch (compression) {
      case COMPRESSION_NONE -> plain;
      case COMPRESSION_ZSTD -> Zstd.compress(plain);
      case COMPRESSION_LZ4 -> lz4(plain);
      case COMPRESSION_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("cannot compress with " + compression);
    };
  }

  private static byte[] lz4(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (LZ4FrameOutputStream out =
        new LZ4FrameOutputStream(bytes, LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB)) {
      out.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does no input or output", e);
    }
    return bytes.toByteArray();
  }

  /** Exactly the declared bytes, or a refusal. */
  static ByteString decompress(EventBatch batch) {
    return switch (batch.getCompression()) {
      case COMPRESSION_NONE -> batch.getPayload();
      case COMPRESSION_ZSTD -> zstd(batch.getPayload().toByteArray(), batch.getUncompressedBytes());
      case COMPRESSION_LZ4 -> lz4(batch.getPayload(), batch.getUncompressedBytes());
      case COMPRESSION_UNSPECIFIED, UNRECOGNIZED ->
          throw new FlotillaException(
              ErrorReason.ERROR_REASON_UNKNOWN_COMPRESSION,
              "compression " + batch.getCompressionValue() + " is not known");
    };
  }

  private static ByteString zstd(byte[] payload, int declared) {
    // A frame mostly says its size: then a lie costs no array. 0 = does not say.
    long said = Zstd.getFrameContentSize(payload, 0, payload.length, false);
    if (said > 0 && said != declared) {
      throw BatchCodec.corrupt(
          "zstd frame of " + said + " bytes, uncompressed_bytes says " + declared);
    }
    byte[] plain = new byte[declared];
    long found;
    try {
      found = Zstd.decompressByteArray(plain, 0, declared, payload, 0, payload.length);
    } catch (ZstdException e) {
      throw BatchCodec.corrupt(
          "zstd frame does not open to " + declared + " bytes: " + e.getMessage());
    }
    if (found != declared) {
      throw BatchCodec.corrupt("zstd frame opens to " + found + " bytes, not " + declared);
    }
    return UnsafeByteOperations.unsafeWrap(plain);
  }

  private static ByteString lz4(ByteString payload, int declared) {
    byte[] plain = new byte[declared];
    try (InputStream bytes = payload.newInput();
        LZ4FrameInputStream in = new LZ4FrameInputStream(bytes, true)) {
      int found = in.readNBytes(plain, 0, declared);
      if (found != declared) {
        throw BatchCodec.corrupt("lz4 frame opens to " + found + " bytes, not " + declared);
      }
      if (in.read() != -1) {
        throw BatchCodec.corrupt(
            "lz4 frame opens to more than the declared " + declared + " bytes");
      }
      if (bytes.available() > 0) {
        throw BatchCodec.corrupt(bytes.available() + " bytes follow the lz4 frame");
      }
    } catch (FlotillaException refusal) {
      throw refusal;
    } catch (IOException | RuntimeException e) {
      // The library answers some malformed frames with unchecked exceptions of several kinds.
      throw BatchCodec.corrupt("lz4 frame does not open: " + e.getMessage());
    }
    return UnsafeByteOperations.unsafeWrap(plain);
  }
}
