package io.flotilla.node.partition;

import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.group.GroupKeys;
import io.flotilla.node.core.log.LogPlace;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.model.GroupTotals;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.RowBlock;
import io.flotilla.node.store.Snapshot;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a group as they were at one moment, given out in chunks; may go on behind a chunk
 * that was given out a short while ago. Safe by its lock: one stream reads it at a time, the last
 * one that came. Blocks on the disk.
 */
public final class GroupExport {

  /** Chunks behind which it can go on: more than are under way in a stream. */
  private static final int MARKS_MAX = 256;

  /** Rows of one table, whose keys are sent without their first bytes. Immutable. */
  private static final class Range {
    final Table table;
    final long partition;
    final byte[] from;
    final byte[] to;
    final int keyFrom;

    Range(Table table, long partition, byte[] from, byte[] to, int keyFrom) {
      this.table = table;
      this.partition = partition;
      this.from = from;
      this.to = to;
      this.keyFrom = keyFrom;
    }
  }

  /** Behind a chunk: the totals, and where the next one begins. Immutable. */
  private static final class Mark {
    final GroupTotals totals;
    final int range;
    final byte[] from;

    Mark(GroupTotals totals, int range, byte[] from) {
      this.totals = totals;
      this.range = range;
      this.from = from;
    }
  }

  private final long token;
  private final long group;
  private final Applied at;
  private final Snapshot snapshot;
  private final List<Range> ranges;
  private final Deque<Mark> marks = new ArrayDeque<>(); // guarded by this, as is all below
  private Mark last;
  private long reader;
  private boolean closed;

  private GroupExport(long token, long group, Applied at, Snapshot snapshot, List<Range> ranges) {
    this.token = token;
    this.group = group;
    this.at = at;
    this.snapshot = snapshot;
    this.ranges = ranges;
    this.last = new Mark(GroupTotals.NONE, 0, ranges.get(0).from);
    marks.add(last);
  }

  /**
   * @param at the last entry whose effects the snapshot holds
   */
  static GroupExport ofMetadata(long token, long group, Applied at, Snapshot snapshot) {
    return new GroupExport(
        token,
        group,
        at,
        snapshot,
        List.of(new Range(Table.METADATA, 0, Keys.FIRST, Keys.last(), 0)));
  }

  static GroupExport ofCoordinator(long token, long group, Applied at, Snapshot snapshot) {
    Range range = new Range(Table.GROUPS, 0, GroupKeys.from(group), GroupKeys.to(group), 0);
    return new GroupExport(token, group, at, snapshot, List.of(range));
  }

  static GroupExport ofPartitions(
      long token, long group, Applied at, Snapshot snapshot, List<PartitionId> partitions) {
    List<Range> ranges = new ArrayList<>();
    for (PartitionId id : partitions) {
      LogPlace place = LogPlace.of(snapshot, id);
      for (Table table : LogPlace.TABLES) {
        ranges.add(new Range(table, id.toLong(), place.from(), place.to(), Long.BYTES));
      }
    }
    return new GroupExport(token, group, at, snapshot, ranges);
  }

  /** Names it among this node's exports. */
  public long token() {
    return token;
  }

  public long group() {
    return group;
  }

  /** The last entry whose effects are in the rows. */
  public Applied at() {
    return at;
  }

  /** What has been given out until now. */
  public synchronized GroupTotals totals() { // guards last
    return last.totals;
  }

  /**
   * A new reader takes it over, behind a chunk. False when that is too long ago.
   *
   * @param afterChunk 0 = from the start
   */
  synchronized boolean resume(long afterChunk) { // guards all
    for (Mark mark : marks) {
      if (mark.totals.chunks() == afterChunk) {
        marks.removeIf(other -> other.totals.chunks() > afterChunk);
        last = mark;
        reader++;
        return true;
      }
    }
    return false;
  }

  /** Who reads it now. */
  public synchronized long reader() { // guards reader
    return reader;
  }

  /**
   * The next chunk, of about so many bytes or one row; null at the end. Fails with
   * OFFSET_NOT_AVAILABLE when another reader has taken it over, or it was given up.
   */
  public synchronized @Nullable GroupChunk next(long asReader, int bytesMax) { // guards all
    if (closed || asReader != reader) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_OFFSET_NOT_AVAILABLE,
          "the rows of group " + group + " are given to another reader, or were given up");
    }
    int index = last.range;
    byte[] from = last.from;
    while (index < ranges.size()) {
      Range range = ranges.get(index);
      RowBlock block = new RowBlock();
      byte[] next = fill(block, range, from, bytesMax);
      if (next == null) {
        index++;
        next = index < ranges.size() ? ranges.get(index).from : Keys.FIRST;
      }
      if (block.rows() > 0) {
        return given(range, block, index, next);
      }
      from = next;
    }
    return null;
  }

  /** Answers the key of the first row that had no room; null when there is none. */
  private byte @Nullable [] fill(RowBlock block, Range range, byte[] from, int bytesMax) {
    try (View.Cursor rows = snapshot.scan(range.table, from, range.to)) {
      while (rows.next()) {
        byte[] key = rows.key();
        byte[] value = rows.value();
        int size = RowBlock.sizeOf(key, range.keyFrom, value);
        if (block.rows() > 0 && block.size() + size > bytesMax) {
          return key;
        }
        block.add(key, range.keyFrom, value);
      }
    }
    return null;
  }

  private GroupChunk given(Range range, RowBlock block, int nextRange, byte[] nextFrom) {
    GroupChunk chunk =
        GroupChunk.of(
            last.totals.chunks() + 1,
            range.table.name(),
            range.partition,
            UnsafeByteOperations.unsafeWrap(block.toBytes()));
    last = new Mark(last.totals.plus(chunk), nextRange, nextFrom);
    marks.addLast(last);
    if (marks.size() > MARKS_MAX) {
      marks.removeFirst();
    }
    return chunk;
  }

  /** Lets go of the moment; who still reads is refused. */
  synchronized void close() { // guards closed
    closed = true;
    snapshot.close();
  }
}
