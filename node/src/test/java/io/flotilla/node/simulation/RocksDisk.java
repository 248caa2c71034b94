package io.flotilla.node.simulation;

import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import java.nio.file.Path;

/** The product's own store, in a folder. A crash is a close without a flush. One thread. */
final class RocksDisk implements Disk {

  /** So that it also flushes by itself. */
  private static final RocksSettings SMALL = new RocksSettings(8 << 20, 64 << 10);

  private final Path folder;
  private Store store;

  RocksDisk(Path folder) {
    this.folder = folder;
    this.store = open();
  }

  private Store open() {
    return RocksStore.open(
        folder,
        SMALL,
        (what, why) -> {
          throw new Violation(Invariant.ALIVE, why);
        });
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public void crash() {
    store.close();
    store = open();
  }

  /** Reads all rows of the scope. */
  @Override
  public long sum(long scope) {
    RowSums sums = new RowSums();
    for (Table table : Table.values()) {
      boolean metadata = table == Table.METADATA;
      if (metadata == (scope == RowSums.METADATA)) {
        byte[] from = metadata ? Keys.FIRST : Keys.of(scope);
        byte[] to = metadata ? Keys.last() : Keys.of(scope + 1);
        try (View.Cursor rows = store.scan(table, from, to)) {
          while (rows.next()) {
            sums.added(table, rows.key(), rows.value());
          }
        }
      }
    }
    return sums.of(scope);
  }

  @Override
  public void close() {
    store.close();
  }
}
