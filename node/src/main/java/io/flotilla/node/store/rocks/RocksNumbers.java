package io.flotilla.node.store.rocks;

import io.flotilla.node.store.StoreNumbers;
import java.util.Collection;
import java.util.Map;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * What RocksDB tells of itself without being asked to keep statistics, which would cost each read
 * and write: properties that it has anyway, each read under a lock for microseconds. Stateless.
 */
final class RocksNumbers {

  private static final String STALLS = "db.user_write_stall_micros";

  private RocksNumbers() {}

  static StoreNumbers read(
      RocksDB database, Collection<ColumnFamilyHandle> tables, Cache cache, long cacheSize)
      throws RocksDBException {
    Map<String, String> whole = database.getMapProperty("rocksdb.dbstats");
    long pending = 0;
    long indexes = 0;
    long files = 0;
    for (ColumnFamilyHandle table : tables) {
      pending += database.getLongProperty(table, "rocksdb.estimate-pending-compaction-bytes");
      indexes += database.getLongProperty(table, "rocksdb.estimate-table-readers-mem");
      files += database.getLongProperty(table, "rocksdb.live-sst-files-size");
      files += database.getLongProperty(table, "rocksdb.live-blob-file-size");
    }
    return new StoreNumbers(
        Long.parseLong(whole.getOrDefault(STALLS, "0")),
        pending,
        cache.getUsage(),
        cacheSize,
        indexes,
        files,
        database.getLongProperty("rocksdb.num-running-flushes")
            + database.getLongProperty("rocksdb.num-running-compactions"));
  }
}
