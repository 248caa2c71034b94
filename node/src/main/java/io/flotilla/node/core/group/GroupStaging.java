package io.flotilla.node.core.group;

import com.google.protobuf.ByteString;
import io.flotilla.node.core.Staging;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.RowBlock;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Stages a coordinator's rows in memory: they are small, and have one place only. Confined to the
 * thread that rebuilds.
 */
public final class GroupStaging implements Staging {

  /** Beyond what the limits of groups and members make likely; a stream that brings more ends. */
  static final long BYTES_MAX = 256L << 20;

  private final long coordinator;
  private final List<Map.Entry<byte[], byte[]>> rows = new ArrayList<>();
  private long bytes;

  public GroupStaging(long coordinator) {
    this.coordinator = coordinator;
  }

  @Override
  public void clear() {
    rows.clear();
    bytes = 0;
  }

  @Override
  public void add(Table table, long partition, ByteString block) {
    bytes += block.size();
    if (table != Table.GROUPS || partition != 0 || bytes > BYTES_MAX) {
      throw corrupt("more than " + BYTES_MAX + " bytes of consumer groups, or rows of " + table);
    }
    try {
      RowBlock.read(block.asReadOnlyByteBuffer(), this::add);
    } catch (IllegalArgumentException e) {
      throw corrupt(String.valueOf(e.getMessage()));
    }
  }

  private void add(byte[] key, byte[] value) {
    if (key.length < 2 * Long.BYTES || Keys.number(key, 0) != coordinator) {
      throw corrupt("a row that is not of coordinator " + coordinator);
    }
    rows.add(Map.entry(key, value));
  }

  private static FlotillaException corrupt(String what) {
    return new FlotillaException(ErrorReason.ERROR_REASON_CORRUPT_DATA, what);
  }

  @Override
  public void moveIn(WriteBatch batch) {
    batch.deleteRange(Table.GROUPS, GroupKeys.from(coordinator), GroupKeys.to(coordinator));
    rows.forEach(row -> batch.put(Table.GROUPS, row.getKey(), row.getValue()));
  }
}
