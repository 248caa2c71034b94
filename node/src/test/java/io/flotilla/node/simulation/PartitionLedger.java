package io.flotilla.node.simulation;

import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a partition's log must be: a list of batches, where it starts, and traces of its producers,
 * by what was committed. Confined to one thread.
 */
final class PartitionLedger {

  /** A batch as it was appended. */
  record Written(long base, EventBatch batch) {
    long next() {
      return base + batch.getEventCount();
    }
  }

  /** A clock that leaps makes nobody forgotten: a step from append to append counts no more. */
  private static final long STEP_MS_MAX = 6L * 60 * 60 * 1000;

  /** What a client was told. */
  private record Acknowledged(long offset, EventBatch batch) {}

  private final PartitionId id;
  private final Tally tally;
  private final NavigableMap<Long, Written> log = new TreeMap<>();
  private final Map<Long, ProducerTrace> producers = new HashMap<>();
  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private final KeyLedger keys = new KeyLedger();
  private final CursorLedger cursors;
  private long start;
  private long end;
  private long lastMs;
  private long logMs;
  private long highestAcknowledged = -1;
  private long promised;

  PartitionLedger(PartitionId id, Tally tally) {
    this.id = id;
    this.tally = tally;
    this.cursors = new CursorLedger(id, tally);
  }

  PartitionId id() {
    return id;
  }

  Tally tally() {
    return tally;
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  KeyLedger keys() {
    return keys;
  }

  CursorLedger cursors() {
    return cursors;
  }

  /** All batches, trimmed or not, by their first offsets. */
  NavigableMap<Long, Written> log() {
    return log;
  }

  /** The highest offset that any client was told; -1 = none. */
  long highestAcknowledged() {
    return highestAcknowledged;
  }

  /** Answers whether it stored a batch. */
  boolean committed(
      long timeMs, PartitionCommand command, AppendOutcome outcome, GroupsLedger groups) {
    switch (command.getCommandCase()) {
      case APPEND -> {
        return append(timeMs, command.getAppend(), outcome);
      }
      case TRIM -> trim(command.getTrim().getUpToOffset(), outcome);
      case COMPACT -> {
        Invariant.R3.holds(outcome.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED, "refused");
        keys.compacted(command.getCompact(), end);
      }
      case CURSOR ->
          cursors.committed(
              Math.max(timeMs, lastMs), command.getCursor(), outcome, start, end, groups);
      case COMMAND_NOT_SET -> throw new IllegalStateException("no command");
    }
    return false;
  }

  private boolean append(long commandMs, AppendBatch append, AppendOutcome outcome) {
    long timeMs = Math.max(commandMs, lastMs);
    boolean tracked = append.getProducerId() != 0;
    ProducerTrace trace = tracked ? producers.get(append.getProducerId()) : null;
    long nowMs = logMs + Math.min(timeMs - lastMs, STEP_MS_MAX);
    boolean known = trace != null && !trace.isForgotten(nowMs);
    if (trace != null && !known) {
      tally.count(Tally.Event.PRODUCER_FORGOTTEN);
    }
    if (outcome.getDuplicate() || outcome.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED) {
      ProducerTrace.checkNotStored(known ? trace : null, append, outcome);
      tally.count(notStored(outcome));
      if (outcome.getDuplicate()) {
        Written first = log.get(outcome.getFirstOffset());
        Invariant.P1.holds(
            first != null && first.batch.equals(append.getBatch()),
            "%s answers a repeat with %d, where something else is",
            id,
            outcome.getFirstOffset());
      }
      return false;
    }
    Invariant.W6.holds(
        outcome.getFirstOffset() == end,
        "%s puts a batch at %d, its end is %d",
        id,
        outcome.getFirstOffset(),
        end);
    Invariant.O5.holds(
        outcome.getAppendTimeUnixMs() == timeMs,
        "%s stamps %d, not %d",
        id,
        outcome.getAppendTimeUnixMs(),
        timeMs);
    if (tracked) {
      producers
          .computeIfAbsent(append.getProducerId(), any -> new ProducerTrace())
          .stored(append, end, nowMs, known);
    }
    tally.count(Tally.Event.STORED);
    lastMs = timeMs;
    logMs = nowMs;
    Written written = new Written(end, append.getBatch());
    log.put(end, written);
    keys.appended(written);
    end = written.next();
    return true;
  }

  private static Tally.Event notStored(AppendOutcome outcome) {
    if (outcome.getDuplicate()) {
      return Tally.Event.REPEATED;
    }
    return outcome.getError() == ErrorReason.ERROR_REASON_PRODUCER_FENCED
        ? Tally.Event.EPOCH_FENCED
        : Tally.Event.GAP_REFUSED;
  }

  private void trim(long upTo, AppendOutcome outcome) {
    boolean refused = upTo < 0 || upTo > end;
    Invariant.R1.holds(
        refused == (outcome.getError() == ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE),
        "%s answers a trim to %d of %d..%d with %s",
        id,
        upTo,
        start,
        end,
        outcome.getError());
    if (!refused && upTo > start) {
      tally.count(Tally.Event.TRIMMED);
    }
    start = refused ? start : Math.max(start, upTo);
    Invariant.R1.holds(
        outcome.getLogStartOffset() == start,
        "%s starts at %d, not %d",
        id,
        outcome.getLogStartOffset(),
        start);
  }

  /** A client was told that its batch is at an offset. */
  void acknowledged(long offset, EventBatch batch) {
    acknowledged.add(new Acknowledged(offset, batch));
    highestAcknowledged = Math.max(highestAcknowledged, offset + batch.getEventCount() - 1);
  }

  /** What was acknowledged was committed there. */
  void checkAcknowledged() {
    for (Acknowledged one : acknowledged) {
      Written written = log.get(one.offset);
      Invariant.W1.holds(
          written != null && written.batch.equals(one.batch),
          "%s: acknowledged at %d, there is %s",
          id,
          one.offset,
          written);
    }
  }

  /** Producers that it must still know at the log's time. */
  long producersKnown() {
    return producers.values().stream().filter(trace -> !trace.isForgotten(logMs)).count();
  }

  /** Where a batch would go if all that was promised before were kept. */
  long promise(AppendBatch append) {
    long offset = Math.max(promised, end);
    promised = offset + append.getBatch().getEventCount();
    return offset;
  }
}
