package io.flotilla.cli.search;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads stretches of a topic's partitions once, side by side, and knows at any time how far it has
 * come: nothing is passed over in silence. Read by one thread; asked from any.
 */
final class Scan {

  private static final Duration POLL = Duration.ofMillis(500);

  private final String topic;
  private final Map<Integer, Stretch> stretches = new TreeMap<>();
  private final Map<Integer, Long> reached = new TreeMap<>();
  private long events;
  private @Nullable Instant lastTime;
  private boolean ended;

  Scan(String topic, List<Stretch> stretches) {
    this.topic = topic;
    for (Stretch stretch : stretches) {
      this.stretches.put(stretch.partition(), stretch);
      reached.put(stretch.partition(), stretch.from());
    }
  }

  /**
   * Reads on until everything has been looked at, or nothing more is wanted.
   *
   * @param take false: enough
   * @param between run after each piece
   */
  void run(FlotillaClient client, Predicate<ReceivedEvent> take, Runnable between) {
    Map<Integer, Long> begins = new TreeMap<>();
    stretches.values().stream()
        .filter(stretch -> stretch.offsets() > 0)
        .forEach(stretch -> begins.put(stretch.partition(), stretch.from()));
    if (begins.isEmpty()) {
      return;
    }
    SubscribeOptions options =
        SubscribeOptions.builder()
            .topic(topic)
            .partitions(List.copyOf(begins.keySet()))
            .resume(begins)
            .untilEnd(true)
            .build();
    try (Subscriber subscriber = client.subscribe(options)) {
      boolean more = true;
      while (more && !done() && !subscriber.atEnd()) {
        more = look(subscriber.poll(POLL), take);
        if (more) {
          advance(subscriber.positions());
        }
        between.run();
      }
      if (more && subscriber.atEnd()) {
        atEnd();
      }
    }
  }

  private boolean look(List<ReceivedEvent> found, Predicate<ReceivedEvent> take) {
    for (ReceivedEvent event : found) {
      if (!count(event)) {
        continue;
      }
      if (!take.test(event)) {
        return false;
      }
    }
    return true;
  }

  /** False for an event behind its stretch. */
  private synchronized boolean count(ReceivedEvent event) {
    if (ended || event.offset() >= stretch(event.partition()).until()) {
      return false;
    }
    events++;
    lastTime = event.timestamp();
    reached.put(event.partition(), event.offset() + 1);
    return true;
  }

  /** Offsets that have no event any more are looked at, too. */
  private synchronized void advance(Map<Integer, Long> positions) {
    positions.forEach(
        (partition, next) ->
            reached.merge(partition, Math.min(next, stretch(partition).until()), (was, is) -> is));
  }

  private synchronized void atEnd() {
    stretches.values().forEach(stretch -> reached.put(stretch.partition(), stretch.until()));
  }

  private Stretch stretch(int partition) {
    Stretch stretch = stretches.get(partition);
    if (stretch == null) {
      throw new IllegalArgumentException("partition " + partition + " is not being read");
    }
    return stretch;
  }

  /** Nothing more is to be taken, by whichever thread. */
  synchronized void stop() {
    ended = true;
  }

  /** All that was asked for has been looked at. */
  synchronized boolean done() {
    return ended
        || stretches.values().stream()
            .allMatch(stretch -> reached(stretch.partition()) >= stretch.until());
  }

  /** How far it has come. */
  synchronized Coverage coverage() {
    return new Coverage(List.copyOf(stretches.values()), Map.copyOf(reached), events, lastTime);
  }

  private long reached(int partition) {
    return reached.getOrDefault(partition, 0L);
  }
}
