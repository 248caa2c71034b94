package io.flotilla.node.core.log;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.state.v1.CompactionState;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.List;

/**
 * One step of compaction: a bounded piece of work that every replica does alike, in this order.
 *
 * <ol>
 *   <li>Index: the next batches are opened; each event becomes its key's latest, and the one that
 *       was it until now is superseded. Only new batches are read, whatever the size of the log.
 *   <li>Tombstones whose grace has passed are superseded, unless a newer event has done so.
 *   <li>Clean: superseded events are taken out of their batches ({@link SupersededRows}).
 *   <li>Sweep: keys whose latest event was trimmed are forgotten ({@link KeyRows}).
 * </ol>
 *
 * <p>The latest event of a key is never superseded; offsets and order never change. An event
 * without a key, and a batch that cannot be opened, stay. After Kafka's contract (its
 * documentation, section "Log Compaction"). Confined to the thread that applies; used for one
 * command.
 */
final class Compaction {

  static final int BYTES_MIN = 64 << 10;
  static final int BYTES_MAX = 4 << 20;

  /** The same on every node, whatever it was told at its start. */
  private static final BatchLimits LIMITS =
      BatchLimits.defaults().withBatchBytesMax(Integer.MAX_VALUE);

  private static final int TOMBSTONES_A_STEP = 1_000;
  private static final int KEYS_SWEPT_A_STEP = 2_000;

  private final LogPlace place;
  private final PartitionState log;
  private final Compact command;
  private final WriteBatch batch;
  private final long logStartOffset;
  private final CompactionState.Builder state;
  private final KeyRows keys;
  private final SupersededRows superseded;
  private long bytesLeft;

  Compaction(LogPlace place, PartitionState log, Compact command, WriteBatch batch) {
    this.place = place;
    this.log = log;
    this.command = command;
    this.batch = batch;
    this.logStartOffset = log.getLogStartOffset();
    this.state = log.getCompaction().toBuilder();
    this.keys = new KeyRows(place, batch);
    this.superseded = new SupersededRows(place, batch, state, LIMITS);
    this.bytesLeft = Math.min(Math.max(command.getBytesMax(), BYTES_MIN), BYTES_MAX);
  }

  /** Does the work; the rows are in the batch afterwards. True when there is more. */
  boolean run(long upTo) {
    boolean indexed = index(upTo);
    boolean expired = indexed && expireTombstones();
    superseded.write();
    boolean cleaned = expired && superseded.clean(logStartOffset, bytesLeft);
    boolean swept = cleaned && sweep();
    return !swept;
  }

  /** What is known of the compaction after the step. */
  CompactionState state() {
    return state
        .setSupersededEvents(state.getSupersededEvents() + superseded.added() - superseded.gone())
        .setRemovedEvents(state.getRemovedEvents() + superseded.removed())
        .build();
  }

  /** Stored bytes that the step gave back. */
  long bytesFreed() {
    return superseded.bytesFreed();
  }

  private boolean index(long upTo) {
    long id = place.number();
    long from = state.getIndexedOffset();
    long firstKept = LogPrefix.firstKept(batch, place, logStartOffset);
    if (from < firstKept) {
      from = firstKept;
      state.setIndexedBytes(log.getAppendedBytes() - log.getStoredBytes() - state.getFreedBytes());
    }
    try (View.Cursor rows = batch.scan(Table.EVENTS, Keys.of(id, from), Keys.of(id, upTo))) {
      while (rows.next()) {
        byte[] row = rows.value();
        StoredBatch stored = LogReader.decode(place.partition(), row);
        if (BatchOffsets.next(stored) > upTo) {
          return true;
        }
        if (bytesLeft <= 0) {
          return false;
        }
        bytesLeft -= row.length;
        index(stored);
        state
            .setIndexedOffset(BatchOffsets.next(stored))
            .setIndexedBytes(state.getIndexedBytes() + row.length);
      }
    }
    return true;
  }

  private void index(StoredBatch stored) {
    if (!BatchCodec.crcMatches(stored.getBatch())) {
      // Damaged here and not elsewhere: to go on would make replicas differ.
      throw new IllegalStateException(
          "the batch at " + stored.getBaseOffset() + " of " + place.partition() + " is corrupt");
    }
    List<Event> events;
    try {
      events = BatchCodec.decode(stored.getBatch(), LIMITS);
    } catch (FlotillaException encodedSoByItsProducer) {
      return;
    }
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      long offset = BatchOffsets.of(stored, i);
      if (event.hasKey() && offset >= logStartOffset) {
        supersedeBefore(offset, event.getKey());
        keys.put(event.getKey(), offset, stored.getBaseOffset());
        if (!event.hasValue()) {
          batch.put(
              Table.TOMBSTONES,
              Keys.of(place.number(), command.getTombstonesExpireUnixMs(), offset),
              event.getKey().toByteArray());
        }
      }
    }
  }

  private void supersedeBefore(long offset, ByteString key) {
    var latest = keys.get(key);
    if (latest != null && latest.getOffset() >= logStartOffset && latest.getOffset() < offset) {
      superseded.add(latest.getBaseOffset(), latest.getOffset());
    }
  }

  private boolean expireTombstones() {
    byte[] from = Keys.of(place.number());
    byte[] to = Keys.of(place.number(), command.getTimeUnixMs() + 1);
    int left = TOMBSTONES_A_STEP;
    try (View.Cursor rows = batch.scan(Table.TOMBSTONES, from, to)) {
      while (rows.next()) {
        if (left-- == 0) {
          return false;
        }
        ByteString key = ByteString.copyFrom(rows.value());
        var latest = keys.get(key);
        if (latest != null && latest.getOffset() == Keys.number(rows.key(), 2)) {
          supersedeBefore(Long.MAX_VALUE, key);
          keys.remove(key);
        }
        batch.delete(Table.TOMBSTONES, rows.key());
      }
    }
    return true;
  }

  private boolean sweep() {
    if (state.getSweepBelowOffset() == 0) {
      if (logStartOffset <= state.getSweptOffset()) {
        return true;
      }
      state.setSweepBelowOffset(logStartOffset).setSweepKey(ByteString.EMPTY);
    }
    ByteString at = keys.sweep(state.getSweepKey(), state.getSweepBelowOffset(), KEYS_SWEPT_A_STEP);
    if (at != null) {
      state.setSweepKey(at);
      return false;
    }
    state.setSweptOffset(state.getSweepBelowOffset()).clearSweepBelowOffset().clearSweepKey();
    return logStartOffset <= state.getSweptOffset();
  }
}
