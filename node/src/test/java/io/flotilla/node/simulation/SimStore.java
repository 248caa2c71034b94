package io.flotilla.node.simulation;

import io.flotilla.node.store.OverlayBatch;
import io.flotilla.node.store.Snapshot;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.StoreNumbers;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that flushes at no cost and crashes at the cost of what was written since: it
 * keeps what it replaced. Who looks at it while it is written gets a copy, which is made when that
 * happens. One thread writes; others may look meanwhile, as the contract of a store has it.
 */
final class SimStore implements Store {

  /** A row as it was before it was written; null = there was none. */
  private static final class Replaced {
    final Table table;
    final byte[] key;
    final byte @Nullable [] before;

    Replaced(Table table, byte[] key, byte @Nullable [] before) {
      this.table = table;
      this.key = key;
      this.before = before;
    }
  }

  private final RowSums sums = new RowSums();
  private final List<Replaced> replaced = new ArrayList<>();
  private final Sink sink = new Sink();
  private Map<Table, NavigableMap<byte[], byte[]>> tables = empty();
  // Counts the copies: who looks at an older one is no hindrance.
  private int version;
  private int lookers;
  private long bytesSinceFlush;
  private boolean closed;

  private static Map<Table, NavigableMap<byte[], byte[]>> empty() {
    Map<Table, NavigableMap<byte[], byte[]>> tables = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      tables.put(table, new TreeMap<>(Arrays::compareUnsigned));
    }
    return tables;
  }

  RowSums sums() {
    return sums;
  }

  /** What was not flushed is gone. */
  synchronized void crash() { // guards all fields
    letLookersBe();
    for (int i = replaced.size() - 1; i >= 0; i--) {
      Replaced change = replaced.get(i);
      set(change.table, change.key, change.before);
    }
    replaced.clear();
    bytesSinceFlush = 0;
  }

  @Override
  public StoreNumbers numbers() {
    return StoreNumbers.NONE;
  }

  @Override
  public WriteBatch newBatch() {
    requireOpen();
    return new OverlayBatch(this);
  }

  @Override
  public synchronized void commit(WriteBatch batch) { // guards all fields
    requireOpen();
    letLookersBe();
    ((OverlayBatch) batch).writeTo(sink);
    bytesSinceFlush += batch.bytes();
    batch.close();
  }

  /** Whoever looks keeps the maps as they are; writing goes on in new ones. */
  private void letLookersBe() {
    if (lookers > 0) {
      Map<Table, NavigableMap<byte[], byte[]>> copy = empty();
      tables.forEach((table, rows) -> copy.put(table, new TreeMap<>(rows)));
      tables = copy;
      version++;
      lookers = 0;
    }
  }

  @Override
  public synchronized Snapshot snapshot() { // guards all fields
    requireOpen();
    return new Look();
  }

  @Override
  public synchronized void flush() { // guards all fields
    requireOpen();
    replaced.clear();
    bytesSinceFlush = 0;
  }

  @Override
  public long bytesSinceFlush() {
    return bytesSinceFlush;
  }

  @Override
  public synchronized byte @Nullable [] get(Table table, byte[] key) { // guards all fields
    requireOpen();
    byte[] value = rows(tables, table).get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public synchronized Cursor scan(Table table, byte[] from, byte[] to) { // guards all fields
    requireOpen();
    return new Walk(tables, version, table, from, to, false);
  }

  @Override
  public synchronized Cursor scanBackward(
      Table table, byte[] from, byte[] to) { // guards all fields
    requireOpen();
    return new Walk(tables, version, table, from, to, true);
  }

  @Override
  public void reclaim(Table table, byte[] from, byte[] to) {}

  @Override
  public void giveUp(String why) {
    throw new IllegalStateException(why);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("store is closed");
    }
  }

  private static NavigableMap<byte[], byte[]> rows(
      Map<Table, NavigableMap<byte[], byte[]>> tables, Table table) {
    NavigableMap<byte[], byte[]> rows = tables.get(table);
    if (rows == null) {
      throw new IllegalStateException("no table " + table);
    }
    return rows;
  }

  private byte @Nullable [] set(Table table, byte[] key, byte @Nullable [] value) {
    NavigableMap<byte[], byte[]> rows = rows(tables, table);
    byte[] before = value == null ? rows.remove(key) : rows.put(key, value);
    if (before != null) {
      sums.removed(table, key, before);
    }
    if (value != null) {
      sums.added(table, key, value);
    }
    return before;
  }

  private final class Sink implements OverlayBatch.Sink {
    @Override
    public void deleteRange(Table table, byte[] from, byte[] to) {
      Iterator<Map.Entry<byte[], byte[]>> rows =
          rows(tables, table).subMap(from, true, to, false).entrySet().iterator();
      while (rows.hasNext()) {
        Map.Entry<byte[], byte[]> row = rows.next();
        replaced.add(new Replaced(table, row.getKey(), row.getValue()));
        sums.removed(table, row.getKey(), row.getValue());
        rows.remove();
      }
    }

    @Override
    public void put(Table table, byte[] key, byte[] value) {
      replaced.add(new Replaced(table, key, set(table, key, value)));
    }

    @Override
    public void delete(Table table, byte[] key) {
      replaced.add(new Replaced(table, key, set(table, key, null)));
    }
  }

  /** Ends looking, if the maps are still those that were looked at. */
  private synchronized void away(int seenVersion) { // guards all fields
    if (seenVersion == version && lookers > 0) {
      lookers--;
    }
  }

  private final class Look implements Snapshot {
    private final Map<Table, NavigableMap<byte[], byte[]>> seen = tables;
    private final int seenVersion = version;
    private boolean over;

    Look() {
      lookers++;
    }

    private Map<Table, NavigableMap<byte[], byte[]>> seen() {
      if (over) {
        throw new IllegalStateException("snapshot is closed");
      }
      return seen;
    }

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
      byte[] value = rows(seen(), table).get(key);
      return value == null ? null : value.clone();
    }

    @Override
    public Cursor scan(Table table, byte[] from, byte[] to) {
      return new Walk(seen(), seenVersion, table, from, to, false);
    }

    @Override
    public Cursor scanBackward(Table table, byte[] from, byte[] to) {
      return new Walk(seen(), seenVersion, table, from, to, true);
    }

    @Override
    public void close() {
      if (!over) {
        over = true;
        away(seenVersion);
      }
    }
  }

  private final class Walk implements Cursor {
    private final int seenVersion;
    private final Iterator<Map.Entry<byte[], byte[]>> rows;
    private Map.@Nullable Entry<byte[], byte[]> row;
    private boolean over;

    Walk(
        Map<Table, NavigableMap<byte[], byte[]>> seen,
        int seenVersion,
        Table table,
        byte[] from,
        byte[] to,
        boolean backward) {
      this.seenVersion = seenVersion;
      lookers += seenVersion == version ? 1 : 0;
      if (Arrays.compareUnsigned(from, to) >= 0) {
        rows = List.<Map.Entry<byte[], byte[]>>of().iterator();
        return;
      }
      NavigableMap<byte[], byte[]> range = rows(seen, table).subMap(from, true, to, false);
      rows = (backward ? range.descendingMap() : range).entrySet().iterator();
    }

    @Override
    public boolean next() {
      row = !over && rows.hasNext() ? rows.next() : null;
      return row != null;
    }

    @Override
    public byte[] key() {
      return current().getKey().clone();
    }

    @Override
    public byte[] value() {
      return current().getValue().clone();
    }

    private Map.Entry<byte[], byte[]> current() {
      if (row == null) {
        throw new NoSuchElementException("the cursor is not on a row");
      }
      return row;
    }

    @Override
    public void close() {
      row = null;
      if (!over) {
        over = true;
        away(seenVersion);
      }
    }
  }
}
