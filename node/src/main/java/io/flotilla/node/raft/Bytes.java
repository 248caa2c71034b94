package io.flotilla.node.raft;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from protobuf to the copy of protobuf that Ratis has under another name, and back: the same
 * array under another wrapper, since neither ever changes it. Stateless.
 */
final class Bytes {

  private Bytes() {}

  /** For Ratis. */
  static org.apache.ratis.thirdparty.com.google.protobuf.ByteString toRatis(ByteString bytes) {
    Array array = new Array(bytes.size());
    try {
      UnsafeByteOperations.unsafeWriteTo(bytes, array);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations.unsafeWrap(
        array.bytes(), array.from(), array.length());
  }

  /** From Ratis. */
  static ByteString ofRatis(org.apache.ratis.thirdparty.com.google.protobuf.ByteString bytes) {
    RatisArray array = new RatisArray(bytes.size());
    try {
      org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations.unsafeWriteTo(
          bytes, array);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Array found = array.to;
    return UnsafeByteOperations.unsafeWrap(found.bytes(), found.from(), found.length());
  }

  /** Takes the array behind bytes that come in one piece; of several pieces it makes one. */
  private static final class Array extends ByteOutput {
    private final int size;
    private byte @Nullable [] array;
    private int offset;
    private @Nullable ByteArrayOutputStream pieces;

    Array(int size) {
      this.size = size;
    }

    @Override
    public void writeLazy(byte[] value, int from, int length) {
      if (length == size) {
        array = value;
        offset = from;
      } else {
        write(value, from, length);
      }
    }

    @Override
    public void write(byte[] value, int from, int length) {
      ByteArrayOutputStream all = pieces;
      if (all == null) {
        all = new ByteArrayOutputStream(size);
        pieces = all;
      }
      all.write(value, from, length);
    }

    @Override
    public void write(byte value) {
      write(new byte[] {value}, 0, 1);
    }

    @Override
    public void write(ByteBuffer value) {
      byte[] copy = new byte[value.remaining()];
      value.get(copy);
      write(copy, 0, copy.length);
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      write(value);
    }

    byte[] bytes() {
      byte[] whole = array;
      if (whole != null) {
        return whole;
      }
      ByteArrayOutputStream all = pieces;
      return all == null ? new byte[0] : all.toByteArray();
    }

    int from() {
      return array == null ? 0 : offset;
    }

    int length() {
      return size;
    }
  }

  /** The same, called by Ratis' protobuf. */
  private static final class RatisArray
      extends org.apache.ratis.thirdparty.com.google.protobuf.ByteOutput {
    private final Array to;

    RatisArray(int size) {
      to = new Array(size);
    }

    @Override
    public void writeLazy(byte[] value, int from, int length) {
      to.writeLazy(value, from, length);
    }

    @Override
    public void write(byte[] value, int from, int length) {
      to.write(value, from, length);
    }

    @Override
    public void write(byte value) {
      to.write(value);
    }

    @Override
    public void write(ByteBuffer value) {
      to.write(value);
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      to.write(value);
    }
  }
}
