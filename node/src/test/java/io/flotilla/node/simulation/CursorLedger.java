package io.flotilla.node.simulation;

import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far consumer groups must be in a partition, by what was committed. Confined to one thread.
 */
final class CursorLedger {

  /** A cursor, and how far its group's members have read. */
  private static final class Held {
    long generation;
    long offset;
    long committedMs;
    long delivered;
  }

  private final PartitionId id;
  private final Tally tally;
  private final Map<String, Held> cursors = new TreeMap<>();

  CursorLedger(PartitionId id, Tally tally) {
    this.id = id;
    this.tally = tally;
  }

  /** Where each group's cursor is. */
  Map<String, Long> offsets() {
    Map<String, Long> offsets = new TreeMap<>();
    cursors.forEach((group, held) -> offsets.put(group, held.offset));
    return offsets;
  }

  void committed(
      long timeMs,
      CursorCommand command,
      AppendOutcome outcome,
      long start,
      long end,
      GroupsLedger groups) {
    Held stored = cursors.get(command.getGroup());
    boolean counts = stored != null && stored.generation >= command.getBornGeneration();
    Held held = counts ? stored : null;
    boolean fenced = held != null && held.generation > command.getGeneration();
    boolean refused = outcome.getError() == ErrorReason.ERROR_REASON_MEMBER_FENCED;
    boolean unclaimed = command.hasCommit() && command.getCommit().getClaimed() && held == null;
    Invariant.G3.holds(
        !fenced || refused,
        "%s, %s: generation %d is heard, the cursor is in %d",
        id,
        command.getGroup(),
        command.getGeneration(),
        held == null ? 0 : held.generation);
    if (refused) {
      tally.count(Tally.Event.COMMIT_FENCED);
      Invariant.G3.holds(
          fenced || unclaimed,
          "%s, %s: generation %d is refused",
          id,
          command.getGroup(),
          command.getGeneration());
      return;
    }
    if (outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED) {
      if (!command.hasDelete()) {
        groups.checkGiven(id, command.getGroup(), command.getGeneration());
      }
      accepted(timeMs, command, outcome, held, stored, start, end);
    } else {
      long offset =
          command.hasReset() ? command.getReset().getOffset() : command.getCommit().getOffset();
      long least = command.hasReset() ? start : 0;
      Invariant.G5.holds(
          offset < least || offset > end,
          "%s refuses offset %d of %d..%d with %s",
          id,
          offset,
          least,
          end,
          outcome.getError());
    }
  }

  private void accepted(
      long timeMs,
      CursorCommand command,
      AppendOutcome outcome,
      @Nullable Held held,
      @Nullable Held stored,
      long start,
      long end) {
    if (command.hasDelete()) {
      delete(command, outcome, stored);
      return;
    }
    Held next = held == null ? new Held() : held;
    long before = next.offset;
    switch (command.getActionCase()) {
      case CLAIM -> {
        tally.count(Tally.Event.CLAIMED);
        if (held == null) {
          next.offset = Math.min(Math.max(command.getClaim().getInitialOffset(), start), end);
          next.committedMs = timeMs;
        }
        next.offset = Math.max(next.offset, start);
        next.delivered = Math.max(next.delivered, next.offset);
      }
      case COMMIT -> {
        tally.count(Tally.Event.COMMITTED);
        next.offset = Math.max(next.offset, command.getCommit().getOffset());
        next.committedMs = Math.max(next.committedMs, timeMs);
        Invariant.G7.holds(
            next.offset <= next.delivered,
            "%s, %s: %d is committed, members were given up to %d",
            id,
            command.getGroup(),
            next.offset,
            next.delivered);
      }
      case RESET -> {
        tally.count(Tally.Event.RESET);
        next.offset = command.getReset().getOffset();
        next.committedMs = timeMs;
        next.delivered = Math.max(next.delivered, next.offset);
      }
      case DELETE, ACTION_NOT_SET -> throw new IllegalStateException("not one of these");
    }
    next.generation = command.getGeneration();
    long answered = outcome.getCursor().getOffset();
    Invariant.G4.holds(
        command.hasReset() || held == null || answered >= before,
        "%s, %s falls from %d to %d",
        id,
        command.getGroup(),
        before,
        answered);
    Invariant.G7.holds(
        answered <= next.offset,
        "%s, %s is at %d, members were given less than %d",
        id,
        command.getGroup(),
        answered,
        next.offset);
    Invariant.G6.holds(
        answered == next.offset && outcome.getCursor().getGeneration() == next.generation,
        "%s, %s answers %d, not %d",
        id,
        command.getGroup(),
        answered,
        next.offset);
    Invariant.G5.holds(
        answered >= 0 && answered <= end, "%s: cursor %d, end %d", id, answered, end);
    cursors.put(command.getGroup(), next);
  }

  /** A lower generation would have been refused. */
  private void delete(CursorCommand command, AppendOutcome outcome, @Nullable Held stored) {
    long since = command.getDelete().getUnlessCommittedSinceUnixMs();
    boolean used = stored != null && since > 0 && stored.committedMs >= since;
    Invariant.G8.holds(
        outcome.hasCursor() == used,
        "%s, %s: last used %d, forgotten unless since %d",
        id,
        command.getGroup(),
        stored == null ? 0 : stored.committedMs,
        since);
    if (!used && stored != null) {
      tally.count(Tally.Event.CURSOR_FORGOTTEN);
      cursors.remove(command.getGroup());
    }
  }

  /** A member has been given all up to an offset, from where its claim began. */
  void delivered(String group, long generation, long upTo) {
    Held held = cursors.get(group);
    if (held != null && held.generation >= generation) {
      held.delivered = Math.max(held.delivered, upTo);
    }
  }
}
