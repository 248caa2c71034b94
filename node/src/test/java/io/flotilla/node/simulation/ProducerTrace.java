package io.flotilla.node.simulation;

import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a partition has had of one producer since it was last forgotten: a second opinion on its
 * sequences. Confined to one thread.
 */
final class ProducerTrace {

  /** A repeat of one of so many last batches is known for one. */
  private static final int REPEATS = 5;

  private static final long IDLE_MS_MAX = 24L * 60 * 60 * 1000;

  private record Had(int first, int count, long offset) {}

  private int epoch;
  private int next;
  private long lastLogMs;
  private final ArrayDeque<Had> had = new ArrayDeque<>();

  boolean isForgotten(long logMs) {
    return logMs - lastLogMs >= IDLE_MS_MAX;
  }

  /** Checks an answer that stored nothing or that says it was stored before. */
  static void checkNotStored(
      @Nullable ProducerTrace trace, AppendBatch append, AppendOutcome outcome) {
    Invariant.P2.holds(trace != null, "of a producer that is not known is not stored: %s", outcome);
    if (trace == null) {
      return;
    }
    if (outcome.getDuplicate()) {
      boolean repeat =
          trace.had.stream()
              .anyMatch(
                  one ->
                      one.first == append.getFirstSequence()
                          && one.count == append.getBatch().getEventCount()
                          && one.offset == outcome.getFirstOffset());
      Invariant.P1.holds(
          repeat && append.getProducerEpoch() == trace.epoch,
          "sequence %d is no repeat of what is at %d",
          append.getFirstSequence(),
          outcome.getFirstOffset());
      return;
    }
    Invariant.P2.holds(
        outcome.getError() == trace.refusal(append),
        "epoch %d, sequence %d behind epoch %d, next %d is refused with %s",
        append.getProducerEpoch(),
        append.getFirstSequence(),
        trace.epoch,
        trace.next,
        outcome.getError());
  }

  private ErrorReason refusal(AppendBatch append) {
    int first = append.getFirstSequence();
    if (append.getProducerEpoch() < epoch) {
      return ErrorReason.ERROR_REASON_PRODUCER_FENCED;
    }
    if (append.getProducerEpoch() > epoch) {
      return first == 0
          ? ErrorReason.ERROR_REASON_UNSPECIFIED
          : ErrorReason.ERROR_REASON_SEQUENCE_GAP;
    }
    if (first == next) {
      return ErrorReason.ERROR_REASON_UNSPECIFIED;
    }
    int last = first + append.getBatch().getEventCount() - 1;
    return had.size() == REPEATS && last < had.getFirst().first
        ? ErrorReason.ERROR_REASON_DUPLICATE_TOO_OLD
        : ErrorReason.ERROR_REASON_SEQUENCE_GAP;
  }

  /** Checks that a batch had to be stored, and remembers it. */
  void stored(AppendBatch append, long offset, long logMs, boolean known) {
    int first = append.getFirstSequence();
    int count = append.getBatch().getEventCount();
    if (known) {
      Invariant.P3.holds(
          append.getProducerEpoch() >= epoch,
          "epoch %d is stored behind epoch %d",
          append.getProducerEpoch(),
          epoch);
      boolean newer = append.getProducerEpoch() > epoch;
      int expected = newer ? 0 : next;
      Invariant.P1.holds(first >= expected, "sequence %d is stored again at %d", first, offset);
      Invariant.P2.holds(
          first == expected, "sequence %d is stored, %d was to come", first, expected);
    }
    if (!known || append.getProducerEpoch() != epoch) {
      had.clear();
    }
    for (Had one : had) {
      Invariant.O2.holds(one.offset < offset, "a later sequence is at %d before %s", offset, one);
    }
    epoch = append.getProducerEpoch();
    next = first + count;
    lastLogMs = logMs;
    had.addLast(new Had(first, count, offset));
    if (had.size() > REPEATS) {
      had.removeFirst();
    }
  }
}
