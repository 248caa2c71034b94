package io.flotilla.node.core.log;

import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.CompactionState;
import io.flotilla.proto.state.v1.PartitionState;

/**
 * The beginning of a log, which a trim removes: batches and marks. Confined to the thread that
 * applies.
 */
record LogPrefix(LogPlace place, PartitionState state, WriteBatch batch) {

  /** Where the batch that holds the offset begins; the offset itself when none does. */
  static long firstKept(View view, LogPlace place, long offset) {
    long id = place.number();
    try (View.Cursor rows = view.scanBackward(Table.EVENTS, Keys.of(id), Keys.of(id, offset + 1))) {
      return rows.next() ? Keys.number(rows.key(), 1) : offset;
    }
  }

  /** Removes what lies wholly below a new log start, which is higher; the state after it. */
  PartitionState remove(long upTo) {
    long id = place.number();
    long from = firstKept(batch, place, state.getLogStartOffset());
    long firstMark = firstMark(from);
    long to = upTo == state.getNextOffset() ? upTo : firstKept(batch, place, upTo);
    boolean all = to == state.getNextOffset();
    CompactionState compaction =
        all
            ? state.getCompaction().toBuilder()
                .clearFreedBytes()
                .clearFreedBeforeMarksBytes()
                .build()
            : new LogMarks(place, batch).trimmed(state.getCompaction(), firstMark, to);
    long stored = state.getAppendedBytes() - bytesBelow(from, to) - compaction.getFreedBytes();
    batch.deleteRange(Table.EVENTS, Keys.of(id, from), Keys.of(id, to));
    batch.deleteRange(Table.MARKS, Keys.of(id, firstMark), Keys.of(id, to));
    TimeBlocks.trimmed(place, from, to, batch);
    PartitionState.Builder after = state.toBuilder().setLogStartOffset(upTo).setStoredBytes(stored);
    return state.hasCompaction() ? after.setCompaction(compaction).build() : after.build();
  }

  /**
   * Where the first mark is. The batch that held log start has one that stays when compaction takes
   * the whole batch; then no batch is there any more.
   */
  private long firstMark(long firstBatch) {
    try (View.Cursor marks = view(Table.MARKS, firstBatch + 1)) {
      return marks.next() ? Keys.number(marks.key(), 1) : firstBatch;
    }
  }

  /** Bytes of all batches ever stored below one: from the mark before it, so few are read. */
  private long bytesBelow(long oldest, long to) {
    if (to == state.getNextOffset()) {
      return state.getAppendedBytes();
    }
    long id = place.number();
    long counted = oldest;
    long bytes =
        state.getAppendedBytes() - state.getStoredBytes() - state.getCompaction().getFreedBytes();
    try (View.Cursor marks = view(Table.MARKS, to + 1)) {
      if (marks.next()) {
        counted = Keys.number(marks.key(), 1);
        bytes = LogMarks.parse(place, marks.value()).getAppendedBytes();
      }
    }
    try (View.Cursor rows = batch.scan(Table.EVENTS, Keys.of(id, counted), Keys.of(id, to))) {
      while (rows.next()) {
        bytes += rows.value().length;
      }
    }
    return bytes;
  }

  private View.Cursor view(Table table, long before) {
    return batch.scanBackward(table, Keys.of(place.number()), Keys.of(place.number(), before));
  }
}
