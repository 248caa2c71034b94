package io.flotilla.node.simulation;

import java.util.EnumMap;
import java.util.Map;

/** How often what a simulation is for has happened. Confined to one thread. */
final class Tally {

  /** A run, or many, in which one of these never happens does not try what it should. */
  enum Event {
    STORED,
    REPEATED,
    GAP_REFUSED,
    EPOCH_FENCED,
    PRODUCER_FORGOTTEN,
    TAIL_LOST,
    CRASHED,
    ENTRY_REPLAYED,
    REBUILT_FOR_PURGE,
    REBUILT_BY_FORCE,
    REBUILD_BROKEN_OFF,
    TRIMMED,
    EVENT_COMPACTED,
    READ,
    READ_BELOW_START,
    CLAIMED,
    COMMITTED,
    COMMIT_FENCED,
    RESET,
    CURSOR_FORGOTTEN,
    GENERATION_RAISED,
    TOPIC_CREATED,
    TOPIC_DELETED
  }

  private final Map<Event, Long> counts = new EnumMap<>(Event.class);

  void count(Event event) {
    counts.merge(event, 1L, Long::sum);
  }

  void add(Tally other) {
    other.counts.forEach((event, count) -> counts.merge(event, count, Long::sum));
  }

  long of(Event event) {
    return counts.getOrDefault(event, 0L);
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
