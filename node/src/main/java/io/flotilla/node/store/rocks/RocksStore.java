package io.flotilla.node.store.rocks;

import io.flotilla.node.disk.DurableFiles;
import io.flotilla.node.store.CorruptStoreException;
import io.flotilla.node.store.OverlayBatch;
import io.flotilla.node.store.Snapshot;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.StoreNumbers;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's store in RocksDB: one database, a column family for each table, no write-ahead log
 * (Raft's log is it). Safe for many threads. A crash, and a close without flush, keep a prefix of
 * whole batches. Any fault of RocksDB becomes a {@link RocksFault} that says what was being done.
 */
public final class RocksStore implements Store {

  private static final Logger LOG = LoggerFactory.getLogger(RocksStore.class);

  /** Beside RocksDB's files: why they must not be opened again. */
  private static final String GIVEN_UP = "GIVEN_UP";

  private final RocksOptions options;
  private final RocksDB database;
  private final Map<Table, ColumnFamilyHandle> handles;
  private final ReadOptions read = new ReadOptions().setVerifyChecksums(true);
  private final OpenUses uses = new OpenUses();
  private final AtomicLong bytesSinceFlush = new AtomicLong();
  private final RocksReclaim reclaim;
  private final BiConsumer<String, Throwable> broken;
  private final Path directory;

  private RocksStore(
      Path directory,
      RocksOptions options,
      RocksDB database,
      Map<Table, ColumnFamilyHandle> handles,
      BiConsumer<String, Throwable> broken) {
    this.directory = directory;
    this.options = options;
    this.database = database;
    this.handles = handles;
    this.reclaim = new RocksReclaim(database, this::handle, uses);
    this.broken = broken;
  }

  /**
   * Opens the store in a directory, which is created if it is missing. One opener at a time.
   *
   * @param broken told, before the caller is, when rows cannot be written or flushed: the process
   *     must not go on, for RocksDB takes no more writes and must not try a failed sync again
   */
  public static RocksStore open(
      Path directory, RocksSettings settings, BiConsumer<String, Throwable> broken) {
    try {
      Files.createDirectories(directory);
      RocksNative.load(directory);
      Path givenUp = directory.resolve(GIVEN_UP);
      if (Files.exists(givenUp)) {
        throw new CorruptStoreException(
            "the store in " + directory + " was given up: " + Files.readString(givenUp), null);
      }
      demandWhole(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the store's directory " + directory, e);
    }
    return openFiles(directory, settings, broken);
  }

  /** Without its name for the list of files, or without the list, RocksDB would begin anew. */
  private static void demandWhole(Path directory) throws IOException {
    Path current = directory.resolve("CURRENT");
    boolean named = Files.exists(current);
    Path list = directory.resolve(named ? Files.readString(current).strip() : "MANIFEST");
    try (Stream<Path> files = Files.list(directory)) {
      boolean begun = named || files.anyMatch(file -> file.toString().endsWith(".sst"));
      if (begun && !(named && Files.isRegularFile(list))) {
        throw new CorruptStoreException(
            "the store in " + directory + " lacks " + (named ? list : current).getFileName(), null);
      }
    }
  }

  /** What can still be read of a store that was given up, to look into it. */
  public static RocksStore openGivenUp(Path directory, RocksSettings settings) {
    try {
      demandWhole(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + directory, e);
    }
    return openFiles(directory, settings, (what, cause) -> {});
  }

  private static RocksStore openFiles(
      Path directory, RocksSettings settings, BiConsumer<String, Throwable> broken) {
    RocksOptions options = new RocksOptions(settings, DirectWrites.possibleIn(directory));
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY));
    for (Table table : Table.values()) {
      families.add(new ColumnFamilyDescriptor(familyName(table), options.table(table)));
    }
    List<ColumnFamilyHandle> opened = new ArrayList<>();
    try {
      RocksDB database = RocksDB.open(options.database, directory.toString(), families, opened);
      // The handles come in the order of the families, of which the first is RocksDB's own.
      Iterator<ColumnFamilyHandle> next = opened.iterator();
      next.next().close();
      Map<Table, ColumnFamilyHandle> handles = new EnumMap<>(Table.class);
      for (Table table : Table.values()) {
        handles.put(table, next.next());
      }
      return new RocksStore(directory, options, database, handles, broken);
    } catch (RocksDBException e) {
      options.close();
      throw RocksFault.ofRead(openFailure(directory, e), e);
    }
  }

  private static byte[] familyName(Table table) {
    return table.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
  }

  private static String openFailure(Path directory, RocksDBException e) {
    String message = String.valueOf(e.getMessage());
    return message.toLowerCase(Locale.ROOT).contains("lock")
        ? "the store in " + directory + " is open already, in this process or in another"
        : "cannot open the store in " + directory;
  }

  @Override
  public WriteBatch newBatch() {
    return new OverlayBatch(this);
  }

  @Override
  public void commit(WriteBatch batch) {
    OverlayBatch overlay = (OverlayBatch) batch;
    try (OpenUses.Use use = uses.begin();
        org.rocksdb.WriteBatch rows = new org.rocksdb.WriteBatch((int) overlay.bytes())) {
      overlay.writeTo(new RocksSink(rows, handles));
      database.write(options.write, rows);
      bytesSinceFlush.addAndGet(overlay.bytes());
    } catch (RocksDBException e) {
      throw broken(new RocksFault("cannot write " + overlay.bytes() + " bytes to the store", e));
    } finally {
      overlay.close();
    }
  }

  @Override
  public void flush() {
    try (OpenUses.Use use = uses.begin()) {
      long before = bytesSinceFlush.get();
      database.flush(options.flush, List.copyOf(handles.values()));
      bytesSinceFlush.addAndGet(-before);
    } catch (RocksDBException e) {
      throw broken(new RocksFault("cannot flush the store", e));
    }
  }

  private RocksFault broken(RocksFault fault) {
    if (fault.getCause() instanceof RocksDBException cause && RocksFault.isCorruption(cause)) {
      giveUp(String.valueOf(fault.getMessage())); // Or each next start would end the same way.
    }
    broken.accept(String.valueOf(fault.getMessage()), fault);
    return fault;
  }

  @Override
  public long bytesSinceFlush() {
    return bytesSinceFlush.get();
  }

  @Override
  public StoreNumbers numbers() {
    try (OpenUses.Use use = uses.begin()) {
      return RocksNumbers.read(
          database, handles.values(), options.cache, options.settings.memoryBytes());
    } catch (RocksDBException e) {
      throw RocksFault.ofRead("cannot read how the store is doing", e);
    }
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    try (OpenUses.Use use = uses.begin()) {
      return database.get(handle(table), read, key);
    } catch (RocksDBException e) {
      throw RocksFault.ofRead("cannot read a row of " + table, e);
    }
  }

  @Override
  public Cursor scan(Table table, byte[] from, byte[] to) {
    return cursor(table, from, to, false);
  }

  @Override
  public Cursor scanBackward(Table table, byte[] from, byte[] to) {
    return cursor(table, from, to, true);
  }

  private Cursor cursor(Table table, byte[] from, byte[] to, boolean backward) {
    return RocksSnapshot.cursor(uses, database, handle(table), from, to, backward, null);
  }

  @Override
  public Snapshot snapshot() {
    return new RocksSnapshot(database, this::handle, uses);
  }

  private ColumnFamilyHandle handle(Table table) {
    ColumnFamilyHandle handle = handles.get(table);
    if (handle == null) {
      throw new IllegalStateException("no column family for " + table);
    }
    return handle;
  }

  @Override
  public void reclaim(Table table, byte[] from, byte[] to) {
    reclaim.ask(table, from, to);
  }

  @Override
  public void giveUp(String why) {
    LOG.error("the store is given up: its files are damaged why={}", why);
    try {
      DurableFiles.replace(directory.resolve(GIVEN_UP), why.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.error("that the store is given up could not be written", e);
    }
  }

  /**
   * Waits until all cursors and snapshots are closed: RocksDB would bring the process down
   * otherwise.
   */
  @Override
  public void close() {
    reclaim.close();
    if (uses.end()) {
      reclaim.release();
      read.close();
      handles.values().forEach(ColumnFamilyHandle::close);
      database.close();
      options.close();
    }
  }
}
