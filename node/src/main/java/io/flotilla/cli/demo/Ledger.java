package io.flotilla.cli.demo;

import io.flotilla.client.Position;
import io.flotilla.client.ReceivedEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The demo's judge: remembers, by number, what was acknowledged and where, and what was received
 * and where. Safe: told by the producer's, the reader's and the client's threads. It never
 * forgives: an acknowledged event that came at another place than promised counts as lost.
 */
final class Ledger {

  /** A partition and an offset. */
  private record Place(int partition, long offset) {}

  private final Map<Long, Place> acknowledged = new HashMap<>();
  private final Map<Long, Set<Place>> received = new HashMap<>();
  private final Map<Integer, Long> lastAckNanos = new HashMap<>();
  private long published;
  private long receivedEvents;
  private long duplicated;
  private long longestPauseNanos;

  synchronized void published() {
    published++;
  }

  /** Between two acknowledgements of one partition lies a pause; the longest one is shown. */
  synchronized void acknowledged(long number, Position position, long nowNanos) {
    acknowledged.put(number, new Place(position.partition(), position.offset()));
    Long before = lastAckNanos.put(position.partition(), nowNanos);
    if (before != null) {
      longestPauseNanos = Math.max(longestPauseNanos, nowNanos - before);
    }
  }

  synchronized void received(long number, ReceivedEvent event) {
    receivedEvents++;
    Place place = new Place(event.partition(), event.offset());
    Set<Place> places = received.computeIfAbsent(number, n -> new HashSet<>());
    if (!places.isEmpty()) {
      duplicated++;
    }
    places.add(place);
  }

  synchronized long acknowledgedEvents() {
    return acknowledged.size();
  }

  /** Acknowledged events that have not been received where they were promised to be. */
  synchronized long missing() {
    return acknowledged.entrySet().stream()
        .filter(entry -> !arrived(entry.getKey(), entry.getValue()))
        .count();
  }

  synchronized DemoAnswer judgement() {
    return new DemoAnswer(
        published,
        acknowledged.size(),
        receivedEvents,
        missing(),
        duplicated,
        longestPauseNanos / 1_000_000);
  }

  private boolean arrived(long number, Place promised) {
    Set<Place> places = received.getOrDefault(number, Set.of());
    return promised.offset() == Position.OFFSET_UNKNOWN
        ? !places.isEmpty()
        : places.contains(promised);
  }
}
