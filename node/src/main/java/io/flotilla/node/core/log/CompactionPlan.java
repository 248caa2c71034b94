package io.flotilla.node.core.log;

import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.state.v1.LogMark;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.StoredBatch;

/**
 * Whether a log is to be compacted now, and how far. Reads the marks of what is new since the last
 * time, and a MiB of batches behind them. Confined to one thread.
 *
 * @param upTo events below this are old enough
 * @param due a round is worth it
 */
public record CompactionPlan(long upTo, boolean due) {

  static CompactionPlan of(
      View view, LogPlace place, PartitionState state, CompactionRules rules, long nowMs) {
    boolean unfinished = isUnfinished(view, place, state, nowMs);
    long indexed = Math.max(state.getCompaction().getIndexedOffset(), state.getLogStartOffset());
    if (indexed >= state.getNextOffset()) {
      return new CompactionPlan(indexed, unfinished);
    }
    long upTo = oldEnough(view, place, indexed, state.getNextOffset(), nowMs - rules.lagMinMs());
    boolean worth =
        upTo > indexed && (isDirty(state, rules) || isLate(view, place, indexed, rules, nowMs));
    return new CompactionPlan(upTo, worth || unfinished);
  }

  /** Behind the last batch that was appended at a time or before. */
  private static long oldEnough(View view, LogPlace place, long from, long end, long timeMs) {
    long id = place.number();
    long upTo = from;
    try (View.Cursor marks = view.scan(Table.MARKS, Keys.of(id, from + 1), Keys.of(id, end))) {
      while (marks.next()) {
        LogMark mark = LogMarks.parse(place, marks.value());
        if (mark.getAppendTimeUnixMs() > timeMs) {
          break;
        }
        upTo = Keys.number(marks.key(), 1);
      }
    }
    try (View.Cursor rows = view.scan(Table.EVENTS, Keys.of(id, upTo), Keys.of(id, end))) {
      while (rows.next()) {
        StoredBatch batch = LogReader.decode(place.partition(), rows.value());
        if (batch.getAppendTimeUnixMs() > timeMs) {
          break;
        }
        upTo = BatchOffsets.next(batch);
      }
    }
    return upTo;
  }

  private static boolean isDirty(PartitionState state, CompactionRules rules) {
    long dirty = state.getAppendedBytes() - state.getCompaction().getIndexedBytes();
    return dirty * 100 >= rules.dirtyPercent() * state.getStoredBytes();
  }

  private static boolean isLate(
      View view, LogPlace place, long indexed, CompactionRules rules, long nowMs) {
    if (rules.lagMaxMs() == CompactionRules.UNLIMITED) {
      return false;
    }
    long id = place.number();
    try (View.Cursor rows = view.scan(Table.EVENTS, Keys.of(id, indexed), Keys.of(id + 1))) {
      return rows.next()
          && LogReader.decode(place.partition(), rows.value()).getAppendTimeUnixMs()
              < nowMs - rules.lagMaxMs();
    }
  }

  /** A round was broken off by a change of leaders, or a tombstone's time has come. */
  private static boolean isUnfinished(View view, LogPlace place, PartitionState state, long nowMs) {
    byte[] from = Keys.of(place.number());
    byte[] to = Keys.of(place.number(), Math.max(0, nowMs) + 1);
    try (View.Cursor expired = view.scan(Table.TOMBSTONES, from, to)) {
      return state.getCompaction().getSupersededEvents() > 0 || expired.next();
    }
  }
}
