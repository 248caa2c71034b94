package io.flotilla.console.events;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.console.web.EventStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Follows a topic from its end: at most 200 events a second go to the browser, the newest ones; the
 * others are counted. One thread.
 */
final class Live {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final int A_TENTH_MAX = 20;
  private static final long BUFFER_BYTES = 2L << 20;
  private static final int QUIET_POLLS = 10;

  /**
   * What came since the last one.
   *
   * @param rows oldest first
   * @param seen events that fit the query since the beginning
   * @param skipped of those, how many were not sent
   */
  record Flow(List<EventRow> rows, long seen, long skipped) {}

  private final FlotillaClient client;
  private final EventQuery query;
  private final EventStream stream;

  Live(FlotillaClient client, EventQuery query, EventStream stream) {
    this.client = client;
    this.query = query;
    this.stream = stream;
  }

  void run() throws IOException {
    List<Integer> partitions = List.copyOf(Ranges.ask(client.admin(), query).of().keySet());
    SubscribeOptions options =
        SubscribeOptions.builder()
            .topic(query.topic())
            .partitions(partitions)
            .from(StartPosition.latest())
            .bufferBytes(BUFFER_BYTES)
            .build();
    try (Subscriber subscriber = client.subscribe(options)) {
      stream.send("flow", new Flow(List.of(), 0, 0));
      follow(subscriber);
    }
  }

  private void follow(Subscriber subscriber) throws IOException {
    Deque<ReceivedEvent> newest = new ArrayDeque<>();
    long seen = 0;
    long skipped = 0;
    long sentAt = System.nanoTime();
    int quiet = 0;
    while (!stream.closed()) {
      for (ReceivedEvent event : subscriber.poll(POLL)) {
        if (query.filter().wants(event)) {
          seen++;
          newest.addLast(event);
          if (newest.size() > A_TENTH_MAX) {
            newest.removeFirst();
            skipped++;
          }
        }
      }
      if (System.nanoTime() - sentAt >= POLL.toNanos()) {
        quiet = newest.isEmpty() ? quiet + 1 : QUIET_POLLS;
        if (quiet >= QUIET_POLLS) {
          List<EventRow> rows = newest.stream().map(EventRow::of).toList();
          stream.send("flow", new Flow(rows, seen, skipped));
          newest.clear();
          quiet = 0;
        }
        sentAt = System.nanoTime();
      }
    }
  }
}
