package io.flotilla.node.store.rocks;

import io.flotilla.node.store.View;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * A walk over rows as they were when it was made. Confined to one thread; holds native memory until
 * closed.
 */
final class RocksCursor implements View.Cursor {

  private final OpenUses.Use use;
  private final Slice lower;
  private final Slice upper;
  private final ReadOptions options;
  private final RocksIterator rows;
  private final boolean backward;
  private boolean started;
  private boolean closed;

  RocksCursor(
      OpenUses.Use use,
      RocksDB database,
      ColumnFamilyHandle table,
      byte[] from,
      byte[] to,
      boolean backward,
      @Nullable Snapshot snapshot) {
    this.use = use;
    this.backward = backward;
    this.lower = new Slice(from);
    this.upper = new Slice(to);
    this.options =
        new ReadOptions()
            .setVerifyChecksums(true)
            .setIterateLowerBound(lower)
            .setIterateUpperBound(upper);
    if (snapshot != null) {
      options.setSnapshot(snapshot);
    }
    this.rows = database.newIterator(table, options);
  }

  @Override
  public boolean next() {
    if (closed) {
      throw new IllegalStateException("cursor is closed");
    }
    if (!started) {
      started = true;
      if (backward) {
        rows.seekToLast();
      } else {
        rows.seekToFirst();
      }
    } else if (rows.isValid()) {
      if (backward) {
        rows.prev();
      } else {
        rows.next();
      }
    }
    if (rows.isValid()) {
      return true;
    }
    try {
      rows.status();
    } catch (RocksDBException e) {
      throw RocksFault.ofRead("cannot scan rows", e);
    }
    return false;
  }

  @Override
  public byte[] key() {
    requireRow();
    return rows.key();
  }

  @Override
  public byte[] value() {
    requireRow();
    return rows.value();
  }

  private void requireRow() {
    if (closed || !started || !rows.isValid()) {
      throw new NoSuchElementException("the cursor is not on a row");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      rows.close();
      options.close();
      lower.close();
      upper.close();
      use.close();
    }
  }
}
