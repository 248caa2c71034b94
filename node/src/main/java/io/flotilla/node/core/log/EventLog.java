package io.flotilla.node.core.log;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.LogMark;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.state.v1.ProducerState;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * One partition's log while it is being written: decides duplicates, gives out offsets, writes
 * rows. Confined to the thread that applies; its fields are a cache of the store. A refusal writes
 * nothing.
 */
final class EventLog {

  /** Stored bytes from one mark to the next, about: how exactly retention by size cuts. */
  static final long MARK_BYTES = 1 << 20;

  /** Trimmed bytes whose space is asked back; less is left to the store's own housekeeping. */
  static final long RECLAIM_BYTES = 64 << 20;

  private final LogPlace place;
  private final Producers producers;
  private final Cursors cursors;
  private final TimeBlocks times;
  private PartitionState state;
  // Not of the state: what this replica's disk may still hold of what was trimmed.
  private long bytesToReclaim;
  // Not of the state either: rows that readers may want at once.
  private List<byte[]> appended = new ArrayList<>();

  private EventLog(LogPlace place, PartitionState state, Producers producers, Cursors cursors) {
    this.cursors = cursors;
    this.place = place;
    this.times = new TimeBlocks(place);
    this.state = state;
    this.producers = producers;
  }

  static EventLog open(View view, PartitionId partition) {
    LogPlace place = LogPlace.of(view, partition);
    return new EventLog(
        place,
        new LogReader(view, partition).state(),
        Producers.open(view, place),
        Cursors.open(view, place));
  }

  PartitionState state() {
    return state;
  }

  /**
   * Appends a batch, or answers why not. The stamped time never falls, whatever the leaders' clocks
   * do.
   */
  AppendOutcome append(long commandTimeMs, AppendBatch append, WriteBatch batch) {
    if (!isWellFormed(append)) {
      return AppendOutcome.newBuilder().setError(ErrorReason.ERROR_REASON_INVALID_ARGUMENT).build();
    }
    long timeMs = Math.max(commandTimeMs, state.getLastAppendTimeUnixMs());
    long logTimeMs = Producers.logTimeMs(state, timeMs);
    ProducerState known =
        append.getProducerId() == 0 ? null : producers.find(append.getProducerId(), logTimeMs);
    AppendOutcome answer = Sequences.refusalOrRepeat(known, append);
    if (answer != null) {
      return answer;
    }
    long firstOffset = state.getNextOffset();
    write(append, timeMs, logTimeMs, batch);
    if (append.getProducerId() != 0 && append.getFirstSequence() != Sequences.NONE) {
      ProducerState now = Sequences.after(known, append, firstOffset, timeMs, logTimeMs);
      producers.put(append.getProducerId(), now, batch);
    }
    producers.forgetIdle(logTimeMs, batch);
    return AppendOutcome.newBuilder()
        .setFirstOffset(firstOffset)
        .setAppendTimeUnixMs(timeMs)
        .build();
  }

  /** Does something about how far a consumer group is. */
  AppendOutcome cursor(long commandTimeMs, CursorCommand command, WriteBatch batch) {
    long timeMs = Math.max(commandTimeMs, state.getLastAppendTimeUnixMs());
    AppendOutcome outcome = cursors.apply(command, timeMs, state, batch);
    if (outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED && state.getNextOffset() == 0) {
      // Rows of a partition are looked for by this one, which an empty log may not have yet.
      batch.put(Table.PARTITIONS, Keys.of(place.number()), state.toByteArray());
    }
    return outcome;
  }

  /** Does a step of compaction; says whether there is more to do. */
  AppendOutcome compact(Compact command, WriteBatch batch) {
    if (command.getTimeUnixMs() < 0
        || command.getTimeUnixMs() > BatchLimits.TIMESTAMP_MS_MAX
        || command.getTombstonesExpireUnixMs() < command.getTimeUnixMs()) {
      return AppendOutcome.newBuilder().setError(ErrorReason.ERROR_REASON_INVALID_ARGUMENT).build();
    }
    Compaction step = new Compaction(place, state, command, batch);
    boolean more = step.run(Math.min(command.getUpToOffset(), state.getNextOffset()));
    state =
        state.toBuilder()
            .setCompaction(step.state())
            .setStoredBytes(state.getStoredBytes() - step.bytesFreed())
            .build();
    batch.put(Table.PARTITIONS, Keys.of(place.number()), state.toByteArray());
    return AppendOutcome.newBuilder().setMore(more).build();
  }

  /** The leader has checked the batch; this is what the log itself relies on. */
  private static boolean isWellFormed(AppendBatch append) {
    EventBatch batch = append.getBatch();
    return batch.getEventCount() > 0
        && batch.getMaxTimestampUnixMs() >= 0
        && batch.getMaxTimestampUnixMs() <= BatchLimits.TIMESTAMP_MS_MAX
        && append.getProducerId() >= 0
        && append.getProducerEpoch() >= 0
        && append.getFirstSequence() >= Sequences.NONE;
  }

  private void write(AppendBatch append, long timeMs, long logTimeMs, WriteBatch batch) {
    long firstOffset = state.getNextOffset();
    long id = place.number();
    byte[] stored =
        StoredBatch.newBuilder()
            .setBaseOffset(firstOffset)
            .setAppendTimeUnixMs(timeMs)
            .setBatch(append.getBatch())
            .setProducerId(append.getProducerId())
            .setProducerEpoch(append.getProducerEpoch())
            .setFirstSequence(append.getFirstSequence())
            .build()
            .toByteArray();
    batch.put(Table.EVENTS, Keys.of(id, firstOffset), stored);
    if (!state.hasCompaction()) {
      appended.add(stored);
    }
    long maxTimestamp = append.getBatch().getMaxTimestampUnixMs();
    times.appended(firstOffset, maxTimestamp, batch);
    mark(batch);
    state =
        state.toBuilder()
            .setNextOffset(firstOffset + append.getBatch().getEventCount())
            .setMaxTimestampUnixMs(Math.max(maxTimestamp, state.getMaxTimestampUnixMs()))
            .setLastAppendTimeUnixMs(timeMs)
            .setLogTimeMs(logTimeMs)
            .setStoredBytes(state.getStoredBytes() + stored.length)
            .setAppendedBytes(state.getAppendedBytes() + stored.length)
            .setMaxTimestampSinceMarkUnixMs(
                Math.max(maxTimestamp, state.getMaxTimestampSinceMarkUnixMs()))
            .setChain(HashChain.next(state.getChain(), firstOffset, stored))
            .build();
    batch.put(Table.PARTITIONS, Keys.of(id), state.toByteArray());
  }

  /** Rows appended since this was asked last; none of a log that is compacted. */
  List<byte[]> takeAppended() {
    List<byte[]> taken = appended;
    appended = new ArrayList<>();
    // The same entry may have appended and compacted.
    return state.hasCompaction() ? List.of() : taken;
  }

  /** After the commit: asks for the space of what was trimmed, once it is worth it. */
  void reclaim(Store store) {
    if (bytesToReclaim >= RECLAIM_BYTES) {
      bytesToReclaim = 0;
      long kept = LogPrefix.firstKept(store, place, state.getLogStartOffset());
      store.reclaim(Table.EVENTS, Keys.of(place.number()), Keys.of(place.number(), kept));
    }
  }

  /** Marks the batch about to be written, if the last mark is far enough behind. */
  private void mark(WriteBatch batch) {
    boolean first = state.getStoredBytes() == 0;
    if (!first && state.getAppendedBytes() - state.getMarkedBytes() < MARK_BYTES) {
      return;
    }
    LogMark mark =
        LogMark.newBuilder()
            .setAppendedBytes(state.getAppendedBytes())
            .setAppendTimeUnixMs(state.getLastAppendTimeUnixMs())
            .setMaxTimestampUnixMs(state.getMaxTimestampSinceMarkUnixMs())
            .build();
    batch.put(Table.MARKS, Keys.of(place.number(), state.getNextOffset()), mark.toByteArray());
    state =
        state.toBuilder()
            .setMarkedBytes(state.getAppendedBytes())
            .setMaxTimestampSinceMarkUnixMs(-1)
            .build();
  }

  /**
   * Moves log start forward, and removes what lies wholly below it: the batch that holds it stays.
   */
  AppendOutcome trim(long upTo, WriteBatch batch) {
    AppendOutcome.Builder answer = AppendOutcome.newBuilder();
    if (upTo < 0 || upTo > state.getNextOffset()) {
      answer.setError(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    } else if (upTo > state.getLogStartOffset()) {
      long before = state.getStoredBytes();
      state = new LogPrefix(place, state, batch).remove(upTo);
      bytesToReclaim += before - state.getStoredBytes();
      batch.put(Table.PARTITIONS, Keys.of(place.number()), state.toByteArray());
    }
    return answer.setLogStartOffset(state.getLogStartOffset()).build();
  }
}
