package io.flotilla.node.simulation;

import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares what was read with what was committed. Confined to one thread. */
final class LogCheck {

  private final PartitionLedger ledger;
  // Offsets at which there was an event, when they are asked for.
  private final List<Long> present = new ArrayList<>();
  private long next;

  /**
   * @param from where reading begins
   */
  LogCheck(PartitionLedger ledger, long from) {
    this.ledger = ledger;
    this.next = from;
  }

  /** Where reading goes on. */
  long next() {
    return next;
  }

  List<Long> present() {
    return present;
  }

  /** The next batch in order; everything between must have gone. */
  void add(StoredBatch stored) {
    long base = stored.getBaseOffset();
    PartitionLedger.Written written = ledger.log().get(base);
    Invariant.O4.holds(
        BatchOffsets.next(stored) <= ledger.end(),
        "%s: a batch at %d is read, committed is up to %d",
        ledger.id(),
        base,
        ledger.end());
    Invariant.W3.holds(written != null, "%s: nothing was appended at %d", ledger.id(), base);
    if (written == null) {
      return;
    }
    gone(base);
    if (stored.getOffsetSpan() == 0) {
      Invariant.O1.holds(
          stored.getBatch().equals(written.batch()),
          "%s: another batch than was appended at %d",
          ledger.id(),
          base);
      for (int i = 0; i < stored.getBatch().getEventCount(); i++) {
        present.add(base + i);
      }
    } else {
      thinned(stored, written);
    }
    Invariant.W6.holds(
        BatchOffsets.next(stored) == written.next(),
        "%s: batch %d ends elsewhere",
        ledger.id(),
        base);
    next = Math.max(next, written.next());
  }

  private void thinned(StoredBatch stored, PartitionLedger.Written written) {
    List<Event> left = BatchCodec.decode(stored.getBatch(), BatchLimits.defaults());
    List<Event> all = BatchCodec.decode(written.batch(), BatchLimits.defaults());
    int at = 0;
    for (int i = 0; i < all.size(); i++) {
      long offset = written.base() + i;
      if (at < left.size() && BatchOffsets.of(stored, at) == offset) {
        Invariant.O1.holds(
            left.get(at).equals(all.get(i)), "%s: another event at %d", ledger.id(), offset);
        present.add(offset);
        at++;
      } else if (offset >= Math.max(next, ledger.start())) {
        ledger.keys().checkMayBeGone(offset);
        ledger.tally().count(Tally.Event.EVENT_COMPACTED);
      }
    }
    Invariant.W3.holds(at == left.size(), "%s: events too many in %s", ledger.id(), stored);
  }

  /** Whatever lies between where reading is and an offset must have been compacted away. */
  private void gone(long to) {
    for (long offset = Math.max(next, ledger.start()); offset < to; offset++) {
      Map.Entry<Long, PartitionLedger.Written> holder = ledger.log().floorEntry(offset);
      boolean whole =
          ledger.keys().wasCompacted() && holder != null && holder.getValue().next() <= to;
      Invariant.O3.holds(whole, "%s: reading goes on at %d behind %d", ledger.id(), to, offset);
      ledger.keys().checkMayBeGone(offset);
    }
  }

  /** Nothing more was there up to an end. */
  void end(long end) {
    gone(end);
    next = Math.max(next, end);
  }
}
