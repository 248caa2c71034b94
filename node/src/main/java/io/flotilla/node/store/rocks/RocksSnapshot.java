package io.flotilla.node.store.rocks;

import io.flotilla.node.store.Snapshot;
import io.flotilla.node.store.Table;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** The database at one moment. Safe; holds the database open until it is closed. */
final class RocksSnapshot implements Snapshot {

  private final RocksDB database;
  private final Function<Table, ColumnFamilyHandle> handles;
  private final OpenUses uses;
  private final OpenUses.Use use;
  private final org.rocksdb.Snapshot snapshot;
  private final ReadOptions read;
  private boolean closed; // guarded by this

  RocksSnapshot(RocksDB database, Function<Table, ColumnFamilyHandle> handles, OpenUses uses) {
    this.use = uses.begin();
    this.database = database;
    this.handles = handles;
    this.uses = uses;
    this.snapshot = database.getSnapshot();
    this.read = new ReadOptions().setVerifyChecksums(true).setSnapshot(snapshot);
  }

  /** A cursor over the database, or over what it was when the snapshot was taken. */
  static RocksCursor cursor(
      OpenUses uses,
      RocksDB database,
      ColumnFamilyHandle table,
      byte[] from,
      byte[] to,
      boolean backward,
      org.rocksdb.@Nullable Snapshot snapshot) {
    // RocksDB's answer to crossed bounds is not defined: they become an empty range.
    byte[] end = Arrays.compareUnsigned(from, to) < 0 ? to : from;
    return new RocksCursor(uses.begin(), database, table, from, end, backward, snapshot);
  }

  @Override
  public synchronized byte @Nullable [] get(Table table, byte[] key) { // guards against close
    requireOpen();
    try {
      return database.get(handles.apply(table), read, key);
    } catch (RocksDBException e) {
      throw RocksFault.ofRead("cannot read a row of " + table, e);
    }
  }

  @Override
  public synchronized Cursor scan(Table table, byte[] from, byte[] to) { // guards against close
    requireOpen();
    return cursor(uses, database, handles.apply(table), from, to, false, snapshot);
  }

  @Override
  public synchronized Cursor scanBackward(Table table, byte[] from, byte[] to) { // likewise
    requireOpen();
    return cursor(uses, database, handles.apply(table), from, to, true, snapshot);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("snapshot is closed");
    }
  }

  @Override
  public synchronized void close() { // guards closed
    if (!closed) {
      closed = true;
      read.close();
      database.releaseSnapshot(snapshot);
      use.close();
    }
  }
}
