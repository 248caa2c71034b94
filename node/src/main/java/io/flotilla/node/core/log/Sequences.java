package io.flotilla.node.core.log;

import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.ProducerBatch;
import io.flotilla.proto.state.v1.ProducerState;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The duplicate check of idempotent producers, as Kafka's (KIP-98): pure arithmetic on what is
 * remembered. Sequences count events, 0 to the largest int, and then begin at 0 again.
 */
final class Sequences {

  /** Batches of a producer that are remembered: as many as it may have in flight. */
  static final int BATCHES_KEPT = 5;

  /** A batch without a sequence: no duplicate detection. */
  static final int NONE = -1;

  private Sequences() {}

  /** The sequence some events after another one. */
  static int plus(int sequence, int events) {
    return (sequence + events) & Integer.MAX_VALUE;
  }

  /** The answer to an append that must not happen, or null when it must. */
  static @Nullable AppendOutcome refusalOrRepeat(
      @Nullable ProducerState known, AppendBatch append) {
    if (known == null) {
      return null;
    }
    if (append.getProducerEpoch() < known.getEpoch()) {
      return AppendOutcome.newBuilder()
          .setError(ErrorReason.ERROR_REASON_PRODUCER_FENCED)
          .setCurrentEpoch(known.getEpoch())
          .build();
    }
    if (append.getFirstSequence() == NONE) {
      return null;
    }
    if (append.getProducerEpoch() > known.getEpoch()) {
      return append.getFirstSequence() == 0
          ? null
          : refused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 0);
    }
    return sameEpoch(known.getBatchesList(), append);
  }

  private static @Nullable AppendOutcome sameEpoch(List<ProducerBatch> kept, AppendBatch append) {
    int first = append.getFirstSequence();
    int last = plus(first, append.getBatch().getEventCount() - 1);
    for (ProducerBatch batch : kept) {
      if (batch.getFirstSequence() == first && batch.getLastSequence() == last) {
        return AppendOutcome.newBuilder()
            .setDuplicate(true)
            .setFirstOffset(batch.getFirstOffset())
            .setAppendTimeUnixMs(batch.getAppendTimeUnixMs())
            .build();
      }
    }
    int expected = plus(kept.get(kept.size() - 1).getLastSequence(), 1);
    if (first == expected) {
      return null;
    }
    // Something is forgotten only once all places are taken. Before that, an unknown batch was
    // never
    // appended, and to call it written would lose it.
    boolean older = kept.size() == BATCHES_KEPT && isBefore(last, kept.get(0).getFirstSequence());
    return refused(
        older ? ErrorReason.ERROR_REASON_DUPLICATE_TOO_OLD : ErrorReason.ERROR_REASON_SEQUENCE_GAP,
        expected);
  }

  /** Before on the circle of sequences: less than half a turn back. */
  private static boolean isBefore(int sequence, int other) {
    int distance = (other - sequence) & Integer.MAX_VALUE;
    return distance != 0 && distance < 1 << 30;
  }

  private static AppendOutcome refused(ErrorReason reason, int expected) {
    return AppendOutcome.newBuilder().setError(reason).setExpectedSequence(expected).build();
  }

  /** What is remembered of the producer after an append at an offset. */
  static ProducerState after(
      @Nullable ProducerState known,
      AppendBatch append,
      long firstOffset,
      long timeMs,
      long logTimeMs) {
    ProducerState.Builder next =
        ProducerState.newBuilder()
            .setEpoch(append.getProducerEpoch())
            .setLastAppendTimeUnixMs(timeMs)
            .setLastAppendLogTimeMs(logTimeMs);
    if (known != null && known.getEpoch() == append.getProducerEpoch()) {
      int forgotten = Math.max(0, known.getBatchesCount() + 1 - BATCHES_KEPT);
      next.addAllBatches(known.getBatchesList().subList(forgotten, known.getBatchesCount()));
    }
    int first = append.getFirstSequence();
    return next.addBatches(
            ProducerBatch.newBuilder()
                .setFirstSequence(first)
                .setLastSequence(plus(first, append.getBatch().getEventCount() - 1))
                .setFirstOffset(firstOffset)
                .setAppendTimeUnixMs(timeMs))
        .build();
  }
}
