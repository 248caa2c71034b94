package io.flotilla.node.store.rocks;

import io.flotilla.node.store.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the space of deleted ranges back to the disk: compacts them, one after the other, on one
 * thread of its own. Asking never blocks. What is asked for in a crowd is done in one go.
 *
 * <p>Files are not dropped by their range, though RocksDB could: it would not count the blobs that
 * they name as garbage, and blob files shared with other partitions would stay for ever.
 *
 * <p>Blob files that hold nothing else go at once. When more than half of what the others hold is
 * garbage, what is left in them is written anew: so the disk holds at most about twice the live
 * bytes, and each byte is written once more at most for each time that as much was deleted.
 */
final class RocksReclaim {

  private static final Logger LOG = LoggerFactory.getLogger(RocksReclaim.class);

  /** A table with so many files that are smaller than that on average has them merged. */
  private static final int FILES_MIN = 32;

  private static final long SMALL_FILE = 256 << 10;

  /** Ranges that wait; one more is left to RocksDB's own compactions, which come in time. */
  private static final int WAITING_MAX = 1024;

  private static final class Range {
    final Table table;
    final byte[] from;
    final byte[] to;

    Range(Table table, byte[] from, byte[] to) {
      this.table = table;
      this.from = from.clone();
      this.to = to.clone();
    }
  }

  private final RocksDB database;
  private final Function<Table, ColumnFamilyHandle> handles;
  private final OpenUses uses;
  private final CompactRangeOptions options;
  private final CompactRangeOptions everything;
  private final ArrayDeque<Range> waiting = new ArrayDeque<>(); // guarded by itself
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread t = new Thread(task, "flotilla-reclaim");
            t.setDaemon(true);
            return t;
          });
  private volatile boolean closed;

  RocksReclaim(RocksDB database, Function<Table, ColumnFamilyHandle> handles, OpenUses uses) {
    this.database = database;
    this.handles = handles;
    this.uses = uses;
    this.options =
        new CompactRangeOptions()
            // Other compactions go on beside it, and writers are not held up for it.
            .setExclusiveManualCompaction(false)
            .setAllowWriteStall(false);
    this.everything =
        new CompactRangeOptions()
            .setExclusiveManualCompaction(false)
            .setAllowWriteStall(false)
            // Also the files that a compaction would leave where they are.
            .setBottommostLevelCompaction(
                CompactRangeOptions.BottommostLevelCompaction.kForceOptimized);
  }

  void ask(Table table, byte[] from, byte[] to) {
    synchronized (waiting) {
      if (closed || waiting.size() >= WAITING_MAX) {
        return;
      }
      waiting.add(new Range(table, from, to));
      thread.execute(this::run);
    }
  }

  private void run() {
    List<Range> ranges;
    synchronized (waiting) {
      ranges = new ArrayList<>(waiting);
      waiting.clear();
    }
    for (Range range : ranges) {
      unlessClosed(() -> compact(range));
    }
    unlessClosed(() -> collect(Table.EVENTS));
    for (Table table : Table.values()) {
      unlessClosed(() -> mergeSmallFiles(table));
    }
  }

  private void unlessClosed(Runnable work) {
    try {
      if (!closed) {
        work.run();
      }
    } catch (IllegalStateException e) {
      if (!closed) {
        throw e;
      }
      LOG.debug("the store was closed before its space could be given back", e);
    }
  }

  private void compact(Range range) {
    long started = System.nanoTime();
    try (OpenUses.Use use = uses.begin()) {
      database.compactRange(handles.apply(range.table), range.from, range.to, options);
      LOG.info(
          "space given back table={} ms={}",
          range.table,
          (System.nanoTime() - started) / 1_000_000);
    } catch (RocksDBException e) {
      failed(range.table, e);
    }
  }

  /**
   * Merges the files of tables that have many small ones. Files of topics that came and went do not
   * overlap, so RocksDB moves them down level by level and never merges them: without this each
   * such topic would leave a file in each table for ever.
   */
  private void mergeSmallFiles(Table table) {
    try (OpenUses.Use use = uses.begin()) {
      ColumnFamilyHandle handle = handles.apply(table);
      byte[] name = handle.getName();
      List<LiveFileMetaData> files =
          database.getLiveFilesMetaData().stream()
              .filter(file -> Arrays.equals(file.columnFamilyName(), name))
              .toList();
      long bytes = files.stream().mapToLong(LiveFileMetaData::size).sum();
      if (files.size() < FILES_MIN || bytes / files.size() >= SMALL_FILE) {
        return;
      }
      database.compactRange(handle, null, null, everything);
      LOG.info("small files merged table={} files={} bytes={}", table, files.size(), bytes);
    } catch (RocksDBException e) {
      failed(table, e);
    }
  }

  /** Writes the live part of blob files anew, if most of what they hold is garbage. */
  private void collect(Table table) {
    long started = System.nanoTime();
    try (OpenUses.Use use = uses.begin()) {
      ColumnFamilyHandle handle = handles.apply(table);
      long garbage = database.getLongProperty(handle, "rocksdb.live-blob-file-garbage-size");
      long all = database.getLongProperty(handle, "rocksdb.live-blob-file-size");
      if (garbage * 2 <= all) {
        return;
      }
      database.setOptions(handle, collecting(true));
      try {
        database.compactRange(handle, null, null, everything);
      } finally {
        database.setOptions(handle, collecting(false));
      }
      LOG.info(
          "space given back table={} garbage={} of={} ms={}",
          table,
          garbage,
          all,
          (System.nanoTime() - started) / 1_000_000);
    } catch (RocksDBException e) {
      failed(table, e);
    }
  }

  private static MutableColumnFamilyOptions collecting(boolean on) {
    return MutableColumnFamilyOptions.builder()
        .setEnableBlobGarbageCollection(on)
        .setBlobGarbageCollectionAgeCutoff(1.0)
        .build();
  }

  private void failed(Table table, RocksDBException e) {
    Status status = e.getStatus();
    boolean cancelled = closed && status != null && status.getCode() == Status.Code.Incomplete;
    if (!cancelled) {
      LOG.error("space of deleted rows could not be given back table={}", table, e);
    }
  }

  /** Ends the compaction under way. Nothing is lost by it: deleted rows stay deleted. */
  void close() {
    synchronized (waiting) {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
    }
    options.setCanceled(true);
    everything.setCanceled(true);
    thread.shutdown();
  }

  /** After the database: its thread may have used them until then. */
  void release() {
    options.close();
    everything.close();
  }
}
