package io.flotilla.client.internal;

import io.flotilla.client.ProducerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The numbered batches of one partition that are not acknowledged, in order of their numbers, and
 * the number that comes next. {@code inFlight ≤ size ≤ 5}; unless answers of a refusal are still
 * coming in, the first {@code inFlight} ones are those whose answer is awaited. Confined to the
 * lock of its {@link PartitionQueue}, whose comment has the rules.
 */
final class Unacked {

  private static final int NONE = -1;

  private final List<Batch> batches = new ArrayList<>(ProducerOptions.IN_FLIGHT_BATCHES_MAX);
  private int inFlight;
  private int nextSequence;

  /** The first number that is certainly missing; numbers after it cannot have been accepted. */
  private int hole = NONE;

  /** The last number given up without knowing: while it is unsettled nothing is renumbered. */
  private int doubt = NONE;

  boolean isEmpty() {
    return batches.isEmpty();
  }

  int inFlight() {
    return inFlight;
  }

  List<Batch> all() {
    return batches;
  }

  boolean any(Predicate<Batch> condition) {
    return batches.stream().anyMatch(condition);
  }

  @Nullable Batch head() {
    return batches.isEmpty() ? null : batches.get(0);
  }

  /** The first one that has to be sent again; null when there is none. */
  @Nullable Batch nextRepeat() {
    return inFlight < batches.size() ? batches.get(inFlight) : null;
  }

  /** Gives a new batch the number that it takes if it is sent now. */
  void number(Batch batch) {
    batch.firstSequence = nextSequence;
  }

  /** A new batch has been sent. */
  void sentFirst(Batch batch) {
    batches.add(batch);
    nextSequence = after(batch);
    inFlight++;
  }

  /** The next repeat has been sent. */
  void sentAgain() {
    inFlight++;
  }

  void answered(Batch batch) {
    batch.on = null;
    inFlight--;
  }

  /** It is written, and with it all before it. */
  void removeWritten(Batch batch) {
    batches.remove(batch);
    hole = precedes(hole, batch.firstSequence) ? NONE : hole;
    doubt = precedes(doubt, batch.firstSequence) ? NONE : doubt;
  }

  /** It is given up, and may be written. What follows keeps its numbers: the answers will tell. */
  void removeUnknown(Batch batch) {
    batches.remove(batch);
    doubt = batch.firstSequence;
  }

  /** It is certainly not written and never will be: its numbers are missing from now on. */
  void removeUnwritten(Batch batch) {
    batches.remove(batch);
    if (hole == NONE || precedes(batch.firstSequence, hole)) {
      hole = batch.firstSequence;
    }
  }

  /** Their connection is lost. True when there were any. */
  boolean lost(PublishConnection connection) {
    boolean some = false;
    for (Batch batch : batches) {
      if (batch.on == connection) {
        answered(batch);
        batch.uncertain = true;
        some = true;
      }
    }
    return some;
  }

  /** Closes a hole by giving its numbers to what follows, when no old copy can still arrive. */
  boolean closeHole() {
    if (hole == NONE || doubt != NONE || any(batch -> batch.uncertain)) {
      return false;
    }
    nextSequence = hole;
    for (Batch batch : batches) {
      if (precedes(hole, batch.firstSequence)) {
        batch.gap = false;
        batch.firstSequence = nextSequence;
        nextSequence = after(batch);
      }
    }
    hole = NONE;
    return true;
  }

  /** Forgets all numbers; gives what was numbered. */
  List<Batch> clear() {
    List<Batch> all = new ArrayList<>(batches);
    batches.clear();
    inFlight = 0;
    nextSequence = 0;
    hole = NONE;
    doubt = NONE;
    return all;
  }

  /** Whether a number was given before another; numbers wrap. */
  private static boolean precedes(int first, int second) {
    int distance = (second - first) & Integer.MAX_VALUE;
    return first != NONE && distance > 0 && distance < 1 << 30;
  }

  private static int after(Batch batch) {
    return (batch.firstSequence + batch.eventCount()) & Integer.MAX_VALUE;
  }
}
