package io.flotilla.node.store.rocks;

import io.flotilla.node.store.OverlayBatch;
import io.flotilla.node.store.Table;
import java.util.Map;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Copies a batch into RocksDB's own form. Confined to the committing thread. */
record RocksSink(WriteBatch rows, Map<Table, ColumnFamilyHandle> handles)
    implements OverlayBatch.Sink {

  @Override
  public void deleteRange(Table table, byte[] from, byte[] to) {
    try {
      rows.deleteRange(handles.get(table), from, to);
    } catch (RocksDBException e) {
      throw new RocksFault("cannot add a deleted range of " + table + " to a write batch", e);
    }
  }

  @Override
  public void put(Table table, byte[] key, byte[] value) {
    try {
      rows.put(handles.get(table), key, value);
    } catch (RocksDBException e) {
      throw new RocksFault("cannot add a row of " + table + " to a write batch", e);
    }
  }

  @Override
  public void delete(Table table, byte[] key) {
    try {
      rows.delete(handles.get(table), key);
    } catch (RocksDBException e) {
      throw new RocksFault("cannot add a deleted row of " + table + " to a write batch", e);
    }
  }
}
