package io.flotilla.node.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The write batch of every store: what was written lies in memory over a view of the store, until
 * the store takes it by {@link #writeTo}. Confined to one thread. Holds no native memory, so
 * forgetting to close it leaks nothing.
 *
 * <p>Only the last state is kept: a range clears the rows written before it, and a row written
 * after a range lies over it. Hence all ranges first, then all rows, gives the same as the calls in
 * their order.
 */
public final class OverlayBatch implements WriteBatch {

  /** What a row costs beside its bytes, about; so that many tiny rows are not free. */
  private static final int ROW_OVERHEAD_BYTES = 16;

  /** Takes a batch's contents: all ranges before all rows. */
  public interface Sink {
    void deleteRange(Table table, byte[] from, byte[] to);

    void put(Table table, byte[] key, byte[] value);

    void delete(Table table, byte[] key);
  }

  private static final class Range {
    final byte[] from;
    final byte[] to;

    Range(byte[] from, byte[] to) {
      this.from = from;
      this.to = to;
    }

    boolean holds(byte[] key) {
      return Arrays.compareUnsigned(from, key) <= 0 && Arrays.compareUnsigned(key, to) < 0;
    }
  }

  /** The changes of one table. A row whose value is null is deleted. */
  private static final class Changes {
    final List<Range> ranges = new ArrayList<>();
    final TreeMap<byte[], byte @Nullable []> rows = new TreeMap<>(Arrays::compareUnsigned);

    boolean hides(byte[] key) {
      return rows.containsKey(key) || ranges.stream().anyMatch(range -> range.holds(key));
    }
  }

  private final View below;
  private final Map<Table, Changes> tables = new EnumMap<>(Table.class);
  private long bytes;
  private boolean closed;

  public OverlayBatch(View below) {
    this.below = below;
  }

  @Override
  public void put(Table table, byte[] key, byte[] value) {
    changes(table).rows.put(key, value);
    bytes += key.length + value.length + ROW_OVERHEAD_BYTES;
  }

  @Override
  public void delete(Table table, byte[] key) {
    changes(table).rows.put(key, null);
    bytes += key.length + ROW_OVERHEAD_BYTES;
  }

  @Override
  public void deleteRange(Table table, byte[] from, byte[] to) {
    if (Arrays.compareUnsigned(from, to) >= 0) {
      return;
    }
    Changes changes = changes(table);
    changes.rows.subMap(from, to).clear();
    changes.ranges.add(new Range(from, to));
    bytes += from.length + to.length + ROW_OVERHEAD_BYTES;
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    Changes changes = tables.get(table);
    if (changes == null || !changes.hides(key)) {
      return below.get(table, key);
    }
    byte[] value = changes.rows.get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public Cursor scan(Table table, byte[] from, byte[] to) {
    return scan(table, from, to, false);
  }

  @Override
  public Cursor scanBackward(Table table, byte[] from, byte[] to) {
    return scan(table, from, to, true);
  }

  private Cursor scan(Table table, byte[] from, byte[] to, boolean backward) {
    Cursor rows = backward ? below.scanBackward(table, from, to) : below.scan(table, from, to);
    Changes changes = tables.get(table);
    if (changes == null || Arrays.compareUnsigned(from, to) >= 0) {
      return rows;
    }
    // Copies, because writing goes on while the cursor walks.
    TreeMap<byte[], byte @Nullable []> over = new TreeMap<>(changes.rows.subMap(from, to));
    List<Range> ranges = List.copyOf(changes.ranges);
    return new MergedCursor(
        rows,
        backward ? over.descendingMap() : over,
        key -> over.containsKey(key) || ranges.stream().anyMatch(range -> range.holds(key)),
        backward);
  }

  /** Hands over everything that was written. */
  public void writeTo(Sink sink) {
    if (closed) {
      throw new IllegalStateException("write batch is closed: it was committed or given up before");
    }
    tables.forEach(
        (table, changes) -> {
          changes.ranges.forEach(range -> sink.deleteRange(table, range.from, range.to));
          changes.rows.forEach(
              (key, value) -> {
                if (value == null) {
                  sink.delete(table, key);
                } else {
                  sink.put(table, key, value);
                }
              });
        });
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    closed = true;
    tables.clear();
  }

  private Changes changes(Table table) {
    if (closed) {
      throw new IllegalStateException("write batch is closed");
    }
    return tables.computeIfAbsent(table, t -> new Changes());
  }
}
