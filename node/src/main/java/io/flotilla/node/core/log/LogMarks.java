package io.flotilla.node.core.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.CompactionState;
import io.flotilla.proto.state.v1.LogMark;

/**
 * What compaction freed, kept with the marks of a log: sizes stay right when a part of it is
 * trimmed later. Confined to the thread that applies.
 */
record LogMarks(LogPlace place, WriteBatch batch) {

  static LogMark parse(LogPlace place, byte[] row) {
    try {
      return LogMark.parseFrom(row);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a mark of " + place.partition() + " cannot be read", e);
    }
  }

  /** A batch has become smaller. */
  void freed(long baseOffset, long bytes, CompactionState.Builder state) {
    long id = place.number();
    state.setFreedBytes(state.getFreedBytes() + bytes);
    try (View.Cursor marks =
        batch.scanBackward(Table.MARKS, Keys.of(id), Keys.of(id, baseOffset + 1))) {
      if (marks.next()) {
        LogMark mark = parse(place, marks.value());
        LogMark next = mark.toBuilder().setFreedBytes(mark.getFreedBytes() + bytes).build();
        batch.put(Table.MARKS, marks.key(), next.toByteArray());
        return;
      }
    }
    state.setFreedBeforeMarksBytes(state.getFreedBeforeMarksBytes() + bytes);
  }

  /**
   * The batches before an offset go, and with them what was freed there. What was freed around the
   * offset counts with what stays, as the bytes before it are counted as they are now.
   *
   * @param from no mark is before it
   * @param to where the first batch begins that stays
   */
  CompactionState trimmed(CompactionState state, long from, long to) {
    long id = place.number();
    long before = state.getFreedBeforeMarksBytes();
    long gone = 0;
    try (View.Cursor marks = batch.scan(Table.MARKS, Keys.of(id, from), Keys.of(id, to + 1))) {
      while (marks.next()) {
        gone += before;
        boolean stays = Keys.number(marks.key(), 1) == to;
        before = stays ? 0 : parse(place, marks.value()).getFreedBytes();
      }
    }
    return state.toBuilder()
        .setFreedBytes(state.getFreedBytes() - gone)
        .setFreedBeforeMarksBytes(before)
        .build();
  }
}
