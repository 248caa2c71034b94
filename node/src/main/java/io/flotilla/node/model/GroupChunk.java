package io.flotilla.node.model;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A piece of a group's rows on its way to another replica. Immutable.
 *
 * @param number counted from 1
 * @param table name of the table
 * @param partition which partition's rows (PartitionId.toLong); 0 = rows of no partition
 * @param block the rows (store.RowBlock), their keys without the place
 * @param crc CRC-32C of all of the above
 */
public record GroupChunk(long number, String table, long partition, ByteString block, int crc) {

  /** A chunk with its checksum. */
  public static GroupChunk of(long number, String table, long partition, ByteString block) {
    return new GroupChunk(number, table, partition, block, crc(number, table, partition, block));
  }

  private static int crc(long number, String table, long partition, ByteString block) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(number).putLong(partition).flip());
    crc.update(table.getBytes(StandardCharsets.UTF_8));
    crc.update(block.asReadOnlyByteBuffer());
    return (int) crc.getValue();
  }

  /** It is what the sender sent. */
  public boolean intact() {
    return crc == crc(number, table, partition, block);
  }
}
