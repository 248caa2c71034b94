package io.flotilla.node.core.log;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/**
 * One value for everything that was ever appended to a partition: each batch is hashed together
 * with the value before it, so two replicas with the same value hold the same history, trimmed or
 * not. SHA-256 over the previous value, the batch's first offset, the length and the CRC-32C of
 * what is stored: one block, whatever the batch's size. Safe.
 */
final class HashChain {

  static final int BYTES = 32;

  /** Looking for the algorithm costs more than hashing a block. */
  private static final ThreadLocal<MessageDigest> DIGEST =
      ThreadLocal.withInitial(HashChain::sha256);

  private HashChain() {}

  /**
   * The value behind a batch.
   *
   * @param before the value before it; empty = it is the first one
   */
  static ByteString next(ByteString before, long firstOffset, byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored);
    ByteBuffer link =
        ByteBuffer.allocate(BYTES + Long.BYTES + 2 * Integer.BYTES)
            .put(before.isEmpty() ? new byte[BYTES] : before.toByteArray())
            .putLong(firstOffset)
            .putInt(stored.length)
            .putInt((int) crc.getValue());
    return ByteString.copyFrom(DIGEST.get().digest(link.array()));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
