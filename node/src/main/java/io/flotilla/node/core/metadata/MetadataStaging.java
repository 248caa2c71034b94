package io.flotilla.node.core.metadata;

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
 * Stages the metadata in memory: it is small, and its rows have one place only. Confined to the
 * thread that rebuilds.
 */
public final class MetadataStaging implements Staging {

  /** Far beyond what a cluster's limits allow; a stream that brings more is broken. */
  static final long BYTES_MAX = 64L << 20;

  private final List<Map.Entry<byte[], byte[]>> rows = new ArrayList<>();
  private long bytes;

  @Override
  public void clear() {
    rows.clear();
    bytes = 0;
  }

  @Override
  public void add(Table table, long partition, ByteString block) {
    bytes += block.size();
    if (table != Table.METADATA || partition != 0 || bytes > BYTES_MAX) {
      throw corrupt("more than " + BYTES_MAX + " bytes of metadata, or rows of " + table);
    }
    try {
      RowBlock.read(block.asReadOnlyByteBuffer(), (key, value) -> rows.add(Map.entry(key, value)));
    } catch (IllegalArgumentException e) {
      throw corrupt(String.valueOf(e.getMessage()));
    }
  }

  private static FlotillaException corrupt(String what) {
    return new FlotillaException(ErrorReason.ERROR_REASON_CORRUPT_DATA, what);
  }

  @Override
  public void moveIn(WriteBatch batch) {
    batch.deleteRange(Table.METADATA, Keys.FIRST, Keys.last());
    rows.forEach(row -> batch.put(Table.METADATA, row.getKey(), row.getValue()));
  }
}
