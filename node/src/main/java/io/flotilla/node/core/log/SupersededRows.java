package io.flotilla.node.core.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.batch.BatchThinning;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.CompactionState;
import io.flotilla.proto.state.v1.SupersededEvents;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Events that a newer one has superseded: remembered by batch in table SUPERSEDED, so that a batch
 * is written once for all that goes from it, and then taken out. Confined to the thread that
 * applies; used for one command.
 */
final class SupersededRows {

  private final LogPlace place;
  private final WriteBatch batch;
  private final CompactionState.Builder state;
  private final BatchLimits limits;

  /** What this step found: base offset → offsets. */
  private final SortedMap<Long, NavigableSet<Long>> found = new TreeMap<>();

  private long added;
  private long gone;
  private long removed;
  private long bytesFreed;

  SupersededRows(
      LogPlace place, WriteBatch batch, CompactionState.Builder state, BatchLimits limits) {
    this.place = place;
    this.batch = batch;
    this.state = state;
    this.limits = limits;
  }

  void add(long baseOffset, long offset) {
    if (found.computeIfAbsent(baseOffset, this::read).add(offset)) {
      added++;
    }
  }

  /** Puts what was added into its rows. */
  void write() {
    found.forEach(
        (base, offsets) -> {
          SupersededEvents.Builder row = SupersededEvents.newBuilder();
          offsets.forEach(offset -> row.addOffsetDeltas((int) (offset - base)));
          batch.put(Table.SUPERSEDED, Keys.of(place.number(), base), row.build().toByteArray());
        });
    found.clear();
  }

  /**
   * Takes superseded events out of their batches, the oldest first.
   *
   * @param bytesMax stored bytes to read, about; one batch at least
   * @return whether none is left
   */
  boolean clean(long logStartOffset, long bytesMax) {
    long id = place.number();
    long left = bytesMax;
    boolean any = false;
    try (View.Cursor rows = batch.scan(Table.SUPERSEDED, Keys.of(id), Keys.of(id + 1))) {
      while (rows.next()) {
        if (any && left <= 0) {
          return false;
        }
        any = true;
        long base = Keys.number(rows.key(), 1);
        NavigableSet<Long> offsets = parse(base, rows.value());
        left -= thin(base, offsets, logStartOffset);
        gone += offsets.size();
        batch.delete(Table.SUPERSEDED, rows.key());
      }
    }
    return true;
  }

  /** The bytes that had to be read. */
  private int thin(long base, NavigableSet<Long> offsets, long logStartOffset) {
    byte[] key = Keys.of(place.number(), base);
    byte[] row = batch.get(Table.EVENTS, key);
    if (row == null) {
      return 0; // Trimmed meanwhile.
    }
    StoredBatch stored = LogReader.decode(place.partition(), row);
    if (BatchOffsets.next(stored) <= logStartOffset) {
      return row.length;
    }
    StoredBatch thinned = BatchThinning.without(stored, offsets::contains, limits);
    byte[] next = thinned == null ? null : thinned.toByteArray();
    if (next == null) {
      batch.delete(Table.EVENTS, key);
    } else {
      batch.put(Table.EVENTS, key, next);
    }
    int kept = thinned == null ? 0 : thinned.getBatch().getEventCount();
    removed += stored.getBatch().getEventCount() - kept;
    int freed = row.length - (next == null ? 0 : next.length);
    bytesFreed += freed;
    new LogMarks(place, batch).freed(base, freed, state);
    return row.length;
  }

  private NavigableSet<Long> read(long baseOffset) {
    byte[] row = batch.get(Table.SUPERSEDED, Keys.of(place.number(), baseOffset));
    return row == null ? new TreeSet<>() : parse(baseOffset, row);
  }

  private NavigableSet<Long> parse(long baseOffset, byte[] row) {
    try {
      NavigableSet<Long> offsets = new TreeSet<>();
      for (int delta : SupersededEvents.parseFrom(row).getOffsetDeltasList()) {
        offsets.add(baseOffset + delta);
      }
      return offsets;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "a row of superseded events of " + place.partition() + " is unreadable", e);
    }
  }

  /** Events newly found superseded. */
  long added() {
    return added;
  }

  /** Events that need no removing any more: removed, or trimmed. */
  long gone() {
    return gone;
  }

  long removed() {
    return removed;
  }

  long bytesFreed() {
    return bytesFreed;
  }
}
