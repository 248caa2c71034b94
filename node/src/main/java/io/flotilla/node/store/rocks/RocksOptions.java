package io.flotilla.node.store.rocks;

import io.flotilla.node.store.Table;
import java.util.ArrayDeque;
import java.util.Deque;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ChecksumType;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * Every RocksDB option that matters, set on purpose and with its reason, because defaults change.
 * Owns the native objects; close it after the database.
 */
final class RocksOptions implements AutoCloseable {

  private static final long MIB = 1 << 20;

  private final Deque<AbstractNativeReference> natives = new ArrayDeque<>();
  final RocksSettings settings;
  private final boolean directWrites;
  final Cache cache;

  final DBOptions database;
  final WriteOptions write;
  final FlushOptions flush;

  /**
   * @param directWrites whether files can be written past the page cache
   */
  RocksOptions(RocksSettings settings, boolean directWrites) {
    this.settings = settings;
    this.directWrites = directWrites;
    this.cache = own(new LRUCache(settings.memoryBytes()));
    this.database = database();
    // The Raft log is the write-ahead log: writing twice would cost twice and promise nothing more.
    this.write = own(new WriteOptions()).setDisableWAL(true).setSync(false);
    // allowWriteStall false: wait for room rather than stop the writers of all partitions.
    this.flush = own(new FlushOptions()).setWaitForFlush(true).setAllowWriteStall(false);
  }

  private DBOptions database() {
    // Memtables are charged to the cache: one bound for both. No stall: a flush is started instead.
    WriteBufferManager buffers =
        own(new WriteBufferManager(settings.writeBufferBytes(), cache, false));
    return own(new DBOptions())
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        // Without a WAL only this keeps the tables at one point: a crash loses whole batches.
        .setAtomicFlush(true)
        // Closing promises no more than a crash does; who wants more calls flush. One way, always
        // used.
        .setAvoidFlushDuringShutdown(true)
        .setWriteBufferManager(buffers)
        // A flush and a compaction, on machines that may have two cores and do Raft as well.
        .setMaxBackgroundJobs(2)
        .setMaxSubcompactions(1)
        // Bounded, because the process's file handles are needed for sockets and Raft logs too.
        .setMaxOpenFiles(settings.openFilesMax())
        // Stop at the first sign of corruption: the replica is rebuilt from its peers.
        .setParanoidChecks(true)
        .setWalRecoveryMode(WALRecoveryMode.AbsoluteConsistency)
        // Files are synced as they are written, not all at the end, so fsyncs of Raft are not held
        // up.
        // Past the page cache: copying each payload into it took a fifth of a node's processor
        // time, and put out what is read. The newest events are in memory anyway.
        .setUseDirectIoForFlushAndCompaction(directWrites)
        .setBytesPerSync(MIB)
        .setMaxManifestFileSize(16 * MIB)
        // RocksDB's own log: kept small, for the rare post mortem.
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(8 * MIB)
        .setKeepLogFileNum(4)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  /** The options of a table; called once for each. */
  ColumnFamilyOptions table(Table table) {
    ColumnFamilyOptions options = own(new ColumnFamilyOptions());
    options
        .setCompactionStyle(CompactionStyle.LEVEL)
        .setLevelCompactionDynamicLevelBytes(true)
        // The shared bound decides; a single table may fill it all, as EVENTS does.
        .setWriteBufferSize(settings.writeBufferBytes())
        .setMaxWriteBufferNumber(3)
        .setMinWriteBufferNumberToMerge(1)
        .setForceConsistencyChecks(true)
        .setTableFormatConfig(format(table));
    return table == Table.EVENTS
        ? events(options)
        : options.setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  private static ColumnFamilyOptions events(ColumnFamilyOptions options) {
    return options
        // Producers compress their batches; compressing again costs time and gains nothing.
        .setCompressionType(CompressionType.NO_COMPRESSION)
        // Batches lie in blob files: a compaction moves keys, not payloads. Very small ones stay
        // inline, or reading them would cost a second seek.
        .setEnableBlobFiles(true)
        .setMinBlobSize(256)
        .setBlobFileSize(64 * MIB)
        .setBlobCompressionType(CompressionType.NO_COMPRESSION)
        // Events go in the order in which they came, so a blob file goes as a whole, once all of it
        // is trimmed. Collecting within every compaction would write each payload two times more.
        .setEnableBlobGarbageCollection(false);
  }

  private BlockBasedTableConfig format(Table table) {
    BlockBasedTableConfig format =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            // Index and filter blocks count towards the bound; the hottest stay in.
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setBlockSize(16 << 10)
            .setChecksumType(ChecksumType.kXXH3)
            .setFormatVersion(5);
    // EVENTS and TIMES are read by scans, which no filter helps; the others by point reads.
    return table == Table.EVENTS || table == Table.TIMES
        ? format
        : format.setFilterPolicy(own(new BloomFilter(10)));
  }

  private <T extends AbstractNativeReference> T own(T reference) {
    natives.push(reference);
    return reference;
  }

  @Override
  public void close() {
    while (!natives.isEmpty()) {
      natives.pop().close();
    }
  }
}
