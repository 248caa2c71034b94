package io.flotilla.node.store;

import java.nio.ByteBuffer;

/**
 * Keys made of 8-byte numbers, big endian, so that their unsigned byte order is the order of the
 * numbers. Immutable; the numbers must not be negative, or the order breaks.
 */
public final class Keys {

  /** Below every key. */
  public static final byte[] FIRST = {};

  private Keys() {}

  public static byte[] of(long first) {
    return ByteBuffer.allocate(Long.BYTES).putLong(first).array();
  }

  public static byte[] of(long first, long second) {
    return ByteBuffer.allocate(2 * Long.BYTES).putLong(first).putLong(second).array();
  }

  public static byte[] of(long first, long second, long third) {
    return ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(first)
        .putLong(second)
        .putLong(third)
        .array();
  }

  /** Above every key that begins with a number which is not negative. */
  public static byte[] last() {
    return of(Long.MIN_VALUE);
  }

  /** The number at a position of a key, counted from 0. */
  public static long number(byte[] key, int position) {
    return ByteBuffer.wrap(key).getLong(position * Long.BYTES);
  }
}
