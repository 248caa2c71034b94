package io.flotilla.node.core.log;

import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.state.v1.CompactionState;
import io.flotilla.proto.state.v1.LogMark;
import io.flotilla.proto.state.v1.PartitionState;

/**
 * Finds how far retention may trim a log, mark by mark, oldest first, up to the first one that must
 * stay. Reads the marks that go and one more, never a batch. Confined to one thread.
 *
 * <p>By time, what lies before a mark may go when both its append time and its largest timestamp
 * are past: an event dated in the future pins what follows it, and old data that is loaded today is
 * kept from today on. By size, it may go while what remains is still at least the limit.
 */
record TrimPoint(View view, LogPlace place, PartitionState state, RetentionLimits limits) {

  long find(long nowMs) {
    long id = place.number();
    long next = state.getNextOffset();
    long point = state.getLogStartOffset();
    if (limits.keepsAll() || point >= next) {
      return point;
    }
    CompactionState compaction = state.getCompaction();
    long freed = compaction.getFreedBytes() - compaction.getFreedBeforeMarksBytes();
    long from = LogPrefix.firstKept(view, place, point);
    try (View.Cursor rows = view.scan(Table.MARKS, Keys.of(id, from), Keys.of(id, next))) {
      while (rows.next()) {
        long offset = Keys.number(rows.key(), 1);
        LogMark mark = LogMarks.parse(place, rows.value());
        if (offset > point && !mayGo(mark, freed, nowMs)) {
          return point;
        }
        freed -= mark.getFreedBytes();
        point = Math.max(point, offset);
      }
    }
    return mayGo(end(), 0, nowMs) ? next : point;
  }

  /** What a mark at the end of the log would say. */
  private LogMark end() {
    return LogMark.newBuilder()
        .setAppendedBytes(state.getAppendedBytes())
        .setAppendTimeUnixMs(state.getLastAppendTimeUnixMs())
        .setMaxTimestampUnixMs(state.getMaxTimestampSinceMarkUnixMs())
        .build();
  }

  /** What lies between log start and the mark may go, if all before the last mark may. */
  private boolean mayGo(LogMark mark, long freedBehind, long nowMs) {
    long latest = Math.max(mark.getAppendTimeUnixMs(), mark.getMaxTimestampUnixMs());
    long remaining = state.getAppendedBytes() - mark.getAppendedBytes() - freedBehind;
    return (limits.timeMs() >= 0 && latest < nowMs - limits.timeMs())
        || (limits.bytes() >= 0 && remaining >= limits.bytes());
  }
}
