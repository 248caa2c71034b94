package io.flotilla.node.core.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.CursorMark;
import io.flotilla.proto.state.v1.CursorState;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.ErrorReason;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far consumer groups are in a partition: a cache of table CURSORS. Confined to the thread that
 * applies. Whoever speaks with a lower generation than the cursor's is refused, so a member whose
 * partition went to another one can undo nothing. A refusal writes nothing.
 */
final class Cursors {

  /** Consumer groups with a cursor in one partition. */
  static final int COUNT_MAX = 10_000;

  /** How far a mark, from which rates are measured, lies back at least. */
  static final long MARK_MS = 10_000;

  private static final int NAME_BYTES_MAX = 200;

  private final LogPlace place;
  // Only looked up by name, never iterated: its order would differ between two processes.
  private final Map<String, CursorState> cursors = new HashMap<>();

  private Cursors(LogPlace place) {
    this.place = place;
  }

  static Cursors open(View view, LogPlace place) {
    Cursors cursors = new Cursors(place);
    try (View.Cursor rows = view.scan(Table.CURSORS, place.from(), place.to())) {
      while (rows.next()) {
        cursors.cursors.put(CursorRows.group(rows.key()), CursorState.parseFrom(rows.value()));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a cursor of " + place.partition() + " cannot be read", e);
    }
    return cursors;
  }

  /**
   * @param timeMs the log's time, in milliseconds since 1970
   * @param log where the log begins and ends
   */
  AppendOutcome apply(CursorCommand command, long timeMs, PartitionState log, WriteBatch batch) {
    byte[] name = command.getGroup().getBytes(StandardCharsets.UTF_8);
    if (name.length < 1 || name.length > NAME_BYTES_MAX || command.getGeneration() < 0) {
      return refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, null);
    }
    CursorState stored = cursors.get(command.getGroup());
    CursorState now =
        stored == null || stored.getGeneration() < command.getBornGeneration() ? null : stored;
    if (now != null && now.getGeneration() > command.getGeneration()) {
      return refused(ErrorReason.ERROR_REASON_MEMBER_FENCED, now);
    }
    if (stored == null && cursors.size() >= COUNT_MAX && !command.hasDelete()) {
      return refused(ErrorReason.ERROR_REASON_GROUP_LIMIT, null);
    }
    return switch (command.getActionCase()) {
      case CLAIM -> claim(command, now, timeMs, log, batch);
      case COMMIT -> commit(command, now, timeMs, log, batch);
      case RESET -> reset(command, now, timeMs, log, batch);
      case DELETE -> delete(command, stored, batch);
      case ACTION_NOT_SET ->
          throw new IllegalStateException("a cursor's command is of a newer version");
    };
  }

  private static AppendOutcome refused(ErrorReason why, @Nullable CursorState now) {
    AppendOutcome.Builder outcome = AppendOutcome.newBuilder().setError(why);
    return now == null ? outcome.build() : outcome.setCursor(now).build();
  }

  private AppendOutcome claim(
      CursorCommand command,
      @Nullable CursorState now,
      long timeMs,
      PartitionState log,
      WriteBatch batch) {
    CursorState.Builder next;
    AppendOutcome.Builder outcome = AppendOutcome.newBuilder();
    long start = log.getLogStartOffset();
    if (now == null) {
      long initial = command.getClaim().getInitialOffset();
      next =
          CursorState.newBuilder()
              .setOffset(Math.min(Math.max(initial, start), log.getNextOffset()))
              .setCommittedUnixMs(timeMs);
    } else {
      next = now.toBuilder();
      if (now.getOffset() < start) {
        outcome.setResetFromOffset(now.getOffset());
        // A rate over the jump would say that what was trimmed was processed.
        next.setOffset(start).clearMark().clearOlderMark();
      }
    }
    next.setGeneration(command.getGeneration());
    return outcome.setCursor(put(command.getGroup(), next.build(), batch)).build();
  }

  private AppendOutcome commit(
      CursorCommand command,
      @Nullable CursorState now,
      long timeMs,
      PartitionState log,
      WriteBatch batch) {
    long offset = command.getCommit().getOffset();
    if (offset < 0 || offset > log.getNextOffset()) {
      return refused(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE, now);
    }
    if (now == null && command.getCommit().getClaimed()) {
      return refused(ErrorReason.ERROR_REASON_MEMBER_FENCED, null);
    }
    CursorState.Builder next = now == null ? CursorState.newBuilder() : now.toBuilder();
    next.setOffset(Math.max(offset, next.getOffset()))
        .setGeneration(command.getGeneration())
        .setCommittedUnixMs(Math.max(timeMs, next.getCommittedUnixMs()));
    mark(next, log);
    CursorState written = put(command.getGroup(), next.build(), batch);
    return AppendOutcome.newBuilder().setCursor(written).build();
  }

  private static void mark(CursorState.Builder next, PartitionState log) {
    long timeMs = next.getCommittedUnixMs();
    if (next.hasMark() && timeMs - next.getMark().getTimeUnixMs() < MARK_MS) {
      return;
    }
    if (next.hasMark()) {
      next.setOlderMark(next.getMark());
    }
    next.setMark(
        CursorMark.newBuilder()
            .setTimeUnixMs(timeMs)
            .setOffset(next.getOffset())
            .setEndOffset(log.getNextOffset()));
  }

  private AppendOutcome reset(
      CursorCommand command,
      @Nullable CursorState now,
      long timeMs,
      PartitionState log,
      WriteBatch batch) {
    long offset = command.getReset().getOffset();
    if (offset < log.getLogStartOffset() || offset > log.getNextOffset()) {
      return refused(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE, now);
    }
    CursorState next =
        CursorState.newBuilder()
            .setOffset(offset)
            .setGeneration(command.getGeneration())
            .setCommittedUnixMs(timeMs)
            .setResetUnixMs(timeMs)
            .setResetFromOffset(now == null ? 0 : now.getOffset())
            .build();
    return AppendOutcome.newBuilder().setCursor(put(command.getGroup(), next, batch)).build();
  }

  /** Also a cursor of an earlier group of the name. */
  private AppendOutcome delete(
      CursorCommand command, @Nullable CursorState stored, WriteBatch batch) {
    long since = command.getDelete().getUnlessCommittedSinceUnixMs();
    boolean used = stored != null && since > 0 && stored.getCommittedUnixMs() >= since;
    if (stored == null || used) {
      return refused(ErrorReason.ERROR_REASON_UNSPECIFIED, stored);
    }
    cursors.remove(command.getGroup());
    batch.delete(Table.CURSORS, CursorRows.key(place, command.getGroup()));
    return AppendOutcome.getDefaultInstance();
  }

  private CursorState put(String group, CursorState next, WriteBatch batch) {
    CursorState before = cursors.put(group, next);
    if (!next.equals(before)) {
      batch.put(Table.CURSORS, CursorRows.key(place, group), next.toByteArray());
    }
    return next;
  }
}
