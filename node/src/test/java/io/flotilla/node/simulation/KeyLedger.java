package io.flotilla.node.simulation;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.types.v1.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The keys of a log and what compaction may have taken of them. Batches are opened when the log is
 * first compacted, not before. Confined to one thread.
 */
final class KeyLedger {

  /** An event with a key, and the first later one of it. */
  private static final class Keyed {
    final ByteString key;
    final boolean tombstone;
    final long batchEnd;
    long later = -1;

    Keyed(Event event, long batchEnd) {
      this.key = event.getKey();
      this.tombstone = !event.hasValue();
      this.batchEnd = batchEnd;
    }
  }

  private final List<PartitionLedger.Written> unopened = new ArrayList<>();
  private final Map<Long, Keyed> keyed = new HashMap<>();
  private final Map<ByteString, Long> latest =
      new TreeMap<>(ByteString.unsignedLexicographicalComparator());
  private final List<Compact> compactions = new ArrayList<>();
  private long upToMax;

  void appended(PartitionLedger.Written written) {
    unopened.add(written);
  }

  void compacted(Compact command, long end) {
    compactions.add(command);
    upToMax = Math.max(upToMax, Math.min(end, command.getUpToOffset()));
  }

  private void open() {
    for (PartitionLedger.Written written : unopened) {
      List<Event> events = BatchCodec.decode(written.batch(), BatchLimits.defaults());
      for (int i = 0; i < events.size(); i++) {
        if (events.get(i).hasKey()) {
          open(written.base() + i, new Keyed(events.get(i), written.next()));
        }
      }
    }
    unopened.clear();
  }

  private void open(long offset, Keyed event) {
    keyed.put(offset, event);
    Long before = latest.put(event.key, offset);
    Keyed superseded = before == null ? null : keyed.get(before);
    if (superseded != null) {
      superseded.later = offset;
    }
  }

  boolean wasCompacted() {
    return !compactions.isEmpty();
  }

  /** Fails unless compaction may have taken the event. */
  void checkMayBeGone(long offset) {
    Invariant.R3.holds(wasCompacted(), "offset %d is missing, and nothing was compacted", offset);
    open();
    Keyed event = keyed.get(offset);
    Invariant.R3.holds(event != null, "offset %d had no key and is gone", offset);
    if (event == null) {
      return;
    }
    Keyed later = event.later < 0 ? null : keyed.get(event.later);
    boolean superseded = later != null && later.batchEnd <= upToMax;
    Invariant.R3.holds(
        superseded || event.tombstone, "offset %d is gone, the latest of its key", offset);
    Invariant.R4.holds(superseded || mayHaveExpired(event), "tombstone %d is gone", offset);
  }

  /** By the earliest moment that any step could have given it, and the latest that one has seen. */
  private boolean mayHaveExpired(Keyed tombstone) {
    long expires = Long.MAX_VALUE;
    long seen = Long.MIN_VALUE;
    for (Compact step : compactions) {
      if (tombstone.batchEnd <= step.getUpToOffset()) {
        expires = Math.min(expires, step.getTombstonesExpireUnixMs());
      }
      seen = Math.max(seen, step.getTimeUnixMs());
    }
    return seen >= expires;
  }

  /**
   * Checks what is there of each key: its latest event, or nothing when that was a tombstone.
   *
   * @param present offsets at which there is an event
   */
  void check(List<Long> present, long start) {
    if (!wasCompacted()) {
      return;
    }
    open();
    Map<ByteString, Long> last = new HashMap<>();
    for (long offset : present) {
      Keyed event = keyed.get(offset);
      if (event != null) {
        last.put(event.key, offset);
      }
    }
    latest.forEach(
        (key, offset) -> {
          Long there = last.get(key);
          if (offset >= start && there == null) {
            checkMayBeGone(offset);
          } else if (offset >= start) {
            Invariant.R4.holds(
                offset.equals(there),
                "key %s comes back from %d, it ended at %d",
                key,
                there,
                offset);
          }
        });
  }
}
