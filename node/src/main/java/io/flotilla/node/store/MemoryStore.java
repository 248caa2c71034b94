package io.flotilla.node.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for tests of everything above it. Safe for many threads by one lock; a scan
 * copies its rows, so it is exact rather than fast. It forgets as a disk does: {@link #crash} is
 * what a node finds after its process died, which is what was flushed.
 */
public final class MemoryStore implements Store {

  // Guarded by this, as is all else here.
  private final Map<Table, NavigableMap<byte[], byte[]>> tables;
  private Map<Table, NavigableMap<byte[], byte[]>> flushed;
  private long bytesSinceFlush;
  private boolean closed;

  public MemoryStore() {
    this(new EnumMap<>(Table.class));
  }

  private MemoryStore(Map<Table, NavigableMap<byte[], byte[]>> rows) {
    this.tables = copy(rows);
    this.flushed = copy(rows);
  }

  private static Map<Table, NavigableMap<byte[], byte[]>> copy(
      Map<Table, NavigableMap<byte[], byte[]>> from) {
    Map<Table, NavigableMap<byte[], byte[]>> to = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
      rows.putAll(from.getOrDefault(table, Collections.emptyNavigableMap()));
      to.put(table, rows);
    }
    return to;
  }

  /** A new store that holds what this one had flushed. */
  public synchronized MemoryStore crash() {
    return new MemoryStore(flushed);
  }

  @Override
  public StoreNumbers numbers() {
    return StoreNumbers.NONE;
  }

  @Override
  public WriteBatch newBatch() {
    return new OverlayBatch(this);
  }

  @Override
  public synchronized void commit(WriteBatch batch) {
    requireOpen();
    OverlayBatch overlay = (OverlayBatch) batch;
    overlay.writeTo(new TableSink());
    bytesSinceFlush += batch.bytes();
    batch.close();
  }

  @Override
  public synchronized Snapshot snapshot() {
    requireOpen();
    return new CopySnapshot(new MemoryStore(tables));
  }

  @Override
  public synchronized void flush() {
    requireOpen();
    flushed = copy(tables);
    bytesSinceFlush = 0;
  }

  @Override
  public synchronized long bytesSinceFlush() {
    return bytesSinceFlush;
  }

  @Override
  public synchronized byte @Nullable [] get(Table table, byte[] key) {
    requireOpen();
    byte[] value = rows(table).get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public Cursor scan(Table table, byte[] from, byte[] to) {
    return new CopyCursor(range(table, from, to, false));
  }

  @Override
  public Cursor scanBackward(Table table, byte[] from, byte[] to) {
    return new CopyCursor(range(table, from, to, true));
  }

  private synchronized List<Map.Entry<byte[], byte[]>> range(
      Table table, byte[] from, byte[] to, boolean backward) {
    requireOpen();
    if (Arrays.compareUnsigned(from, to) >= 0) {
      return List.of();
    }
    NavigableMap<byte[], byte[]> rows = rows(table).subMap(from, true, to, false);
    List<Map.Entry<byte[], byte[]>> copy = new ArrayList<>(rows.size());
    (backward ? rows.descendingMap() : rows)
        .forEach((key, value) -> copy.add(Map.entry(key, value)));
    return copy;
  }

  /** Nothing to do: memory of deleted rows is free already. */
  @Override
  public void reclaim(Table table, byte[] from, byte[] to) {}

  /** Nothing to do: it is never opened again. */
  @Override
  public void giveUp(String why) {}

  @Override
  public synchronized void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("store is closed");
    }
  }

  private NavigableMap<byte[], byte[]> rows(Table table) {
    NavigableMap<byte[], byte[]> rows = tables.get(table);
    if (rows == null) {
      throw new IllegalStateException("no table " + table);
    }
    return rows;
  }

  private final class TableSink implements OverlayBatch.Sink {
    @Override
    public void deleteRange(Table table, byte[] from, byte[] to) {
      rows(table).subMap(from, true, to, false).clear();
    }

    @Override
    public void put(Table table, byte[] key, byte[] value) {
      rows(table).put(key.clone(), value.clone());
    }

    @Override
    public void delete(Table table, byte[] key) {
      rows(table).remove(key);
    }
  }

  private record CopySnapshot(MemoryStore copy) implements Snapshot {
    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
      return copy.get(table, key);
    }

    @Override
    public Cursor scan(Table table, byte[] from, byte[] to) {
      return copy.scan(table, from, to);
    }

    @Override
    public Cursor scanBackward(Table table, byte[] from, byte[] to) {
      return copy.scanBackward(table, from, to);
    }

    @Override
    public void close() {
      copy.close();
    }
  }

  private static final class CopyCursor implements Cursor {
    private final Iterator<Map.Entry<byte[], byte[]>> rows;
    private Map.@Nullable Entry<byte[], byte[]> row;

    CopyCursor(List<Map.Entry<byte[], byte[]>> rows) {
      this.rows = rows.iterator();
    }

    @Override
    public boolean next() {
      row = rows.hasNext() ? rows.next() : null;
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
    }
  }
}
