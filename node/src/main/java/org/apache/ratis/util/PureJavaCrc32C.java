package org.apache.ratis.util;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * In the place of Ratis 3.3.0's class of this name, which computes the same checksum (RFC 3720,
 * appendix B.4) with tables, in Java: the JDK has the processor's instruction for it, many times
 * faster. Every byte of every entry passes through here when it is written to the log and when it
 * is read again. RatisInPlace checks at each start that this class is the one that is loaded.
 * Confined to one thread.
 */
public final class PureJavaCrc32C implements Checksum {

  private final CRC32C checksum = new CRC32C();

  @Override
  public long getValue() {
    return checksum.getValue();
  }

  @Override
  public void reset() {
    checksum.reset();
  }

  @Override
  public void update(int b) {
    checksum.update(b);
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    checksum.update(bytes, offset, length);
  }

  /** Ends with the buffer's position where it began, as the library's own does. */
  @Override
  public void update(ByteBuffer bytes) {
    checksum.update(bytes.duplicate());
  }
}
