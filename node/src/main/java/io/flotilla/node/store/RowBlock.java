package io.flotilla.node.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/**
 * Rows on their way to another node, one behind the other in one array: length of the key, length
 * of the value (4 bytes each), key, value. Confined to one thread.
 */
public final class RowBlock {

  private static final int HEADER_BYTES = 2 * Integer.BYTES;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long rows;

  /** The bytes that a row would add. */
  public static int sizeOf(byte[] key, int keyFrom, byte[] value) {
    return HEADER_BYTES + key.length - keyFrom + value.length;
  }

  /** Adds a row, its key without its first bytes. */
  public void add(byte[] key, int keyFrom, byte[] value) {
    int keyLength = key.length - keyFrom;
    byte[] header =
        ByteBuffer.allocate(HEADER_BYTES).putInt(keyLength).putInt(value.length).array();
    bytes.write(header, 0, HEADER_BYTES);
    bytes.write(key, keyFrom, keyLength);
    bytes.write(value, 0, value.length);
    rows++;
  }

  public int size() {
    return bytes.size();
  }

  public long rows() {
    return rows;
  }

  public byte[] toBytes() {
    return bytes.toByteArray();
  }

  /**
   * Hands each row to the reader. Fails with an IllegalArgumentException when it is not such a
   * block.
   */
  public static void read(ByteBuffer block, BiConsumer<byte[], byte[]> row) {
    ByteBuffer in = block.slice();
    while (in.hasRemaining()) {
      if (in.remaining() < HEADER_BYTES) {
        throw new IllegalArgumentException("a block of rows ends within a row's header");
      }
      int keyLength = in.getInt();
      int valueLength = in.getInt();
      if (keyLength < 0 || valueLength < 0 || (long) keyLength + valueLength > in.remaining()) {
        throw new IllegalArgumentException("a block of rows ends within a row");
      }
      byte[] key = new byte[keyLength];
      byte[] value = new byte[valueLength];
      in.get(key).get(value);
      row.accept(key, value);
    }
  }
}
