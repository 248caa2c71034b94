package io.flotilla.console.events;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.console.web.EventStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks for events: forwards from a position, or backwards from the end in growing windows. Ends
 * with all seen, the limit, or its time, and then says where to go on. One thread.
 */
final class Search {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIME_MAX = Duration.ofSeconds(20);
  private static final long TELL_NANOS = Duration.ofMillis(250).toNanos();
  private static final long BUFFER_BYTES = 2L << 20;

  /** Of all partitions together, in the first window; without a filter, so many are enough. */
  private static final long WINDOW_EVENTS = 2_000;

  private static final long FILTER_WINDOW_EVENTS = 20_000;
  private static final long WINDOW_MIN = 10;
  private static final int WINDOW_GROWTH = 4;

  /** Of one partition: so much is always seen before time is up. */
  private static final long WINDOW_MAX = 200_000;

  private static final Comparator<ReceivedEvent> NEWEST =
      Comparator.comparing(ReceivedEvent::appendTime)
          .thenComparingInt(ReceivedEvent::partition)
          .thenComparingLong(ReceivedEvent::offset)
          .reversed();

  private final FlotillaClient client;
  private final EventQuery query;
  private final EventStream stream;
  private final Ranges ranges;
  private final long started = System.nanoTime();
  private long scanned;
  private int found;
  private long reachedMs;
  private long toldAt = System.nanoTime();

  Search(FlotillaClient client, EventQuery query, EventStream stream) {
    this.client = client;
    this.query = query;
    this.stream = stream;
    this.ranges = Ranges.ask(client.admin(), query);
  }

  void run() throws IOException {
    if (query.from() == null) {
      backwards();
    } else {
      forwards();
    }
  }

  private boolean timeIsUp() {
    return System.nanoTime() - started > TIME_MAX.toNanos();
  }

  private void forwards() throws IOException {
    Map<Integer, Long> next = new TreeMap<>();
    Map<Integer, Long> open = new TreeMap<>();
    ranges
        .of()
        .forEach(
            (partition, range) -> {
              next.put(partition, range.begin());
              if (range.size() > 0) {
                open.put(partition, range.begin());
              }
            });
    String ended = "done";
    if (!open.isEmpty()) {
      try (Subscriber subscriber = subscribe(open)) {
        ended = forwards(subscriber, next);
      }
    }
    if (ended.equals("done")) {
      scanned = ranges.total();
    }
    end(ended, next);
  }

  private String forwards(Subscriber subscriber, Map<Integer, Long> next) throws IOException {
    while (!subscriber.atEnd()) {
      List<EventRow> rows = new ArrayList<>();
      for (ReceivedEvent event : subscriber.poll(POLL)) {
        Ranges.Range range = ranges.of().get(event.partition());
        if (range == null || event.offset() >= range.end()) {
          continue;
        }
        Long before = next.put(event.partition(), event.offset() + 1);
        scanned += event.offset() + 1 - (before == null ? event.offset() : before);
        reachedMs = event.appendTime().toEpochMilli();
        if (query.filter().wants(event)) {
          rows.add(EventRow.of(event));
          found++;
          if (found == query.limit()) {
            stream.send("rows", rows);
            return "limit";
          }
        }
      }
      tell(rows);
      if (timeIsUp()) {
        return "time";
      }
    }
    return "done";
  }

  private void backwards() throws IOException {
    Map<Integer, Long> upTo = new TreeMap<>();
    ranges
        .of()
        .forEach(
            (partition, range) ->
                upTo.put(
                    partition,
                    Math.min(range.end(), query.resume().getOrDefault(partition, range.end()))));
    long all = query.filter().everything() ? WINDOW_EVENTS : FILTER_WINDOW_EVENTS;
    long window = Math.max(WINDOW_MIN, all / upTo.size());
    if (query.filter().everything()) {
      window = Math.min(window, query.limit());
    }
    boolean atEnd = query.resume().isEmpty();
    while (true) {
      long before = total(upTo);
      round(upTo, window, atEnd);
      atEnd = false;
      window = Math.min(window * WINDOW_GROWTH, WINDOW_MAX);
      if (total(upTo) == 0 || found >= query.limit()) {
        end(total(upTo) == 0 ? "done" : "limit", upTo);
        return;
      }
      if (timeIsUp() || total(upTo) == before) {
        end("time", upTo);
        return;
      }
      tell(List.of());
    }
  }

  /** Offsets still below. */
  private long total(Map<Integer, Long> upTo) {
    long left = 0;
    for (Map.Entry<Integer, Ranges.Range> each : ranges.of().entrySet()) {
      left += Math.max(0, upTo.getOrDefault(each.getKey(), 0L) - each.getValue().begin());
    }
    scanned = ranges.total() - left;
    return left;
  }

  /** Looks through a window of each partition, and lowers what is left of it. */
  private void round(Map<Integer, Long> upTo, long window, boolean atEnd) throws IOException {
    Map<Integer, Long> begins = new TreeMap<>();
    ranges
        .of()
        .forEach(
            (partition, range) -> {
              long high = upTo.getOrDefault(partition, 0L);
              if (high > range.begin()) {
                begins.put(partition, Math.max(range.begin(), high - window));
              }
            });
    List<ReceivedEvent> wanted = new ArrayList<>();
    if (atEnd) {
      // All windows reach to the ends, so they can be read together.
      read(begins, upTo, wanted);
    } else {
      for (Map.Entry<Integer, Long> each : begins.entrySet()) {
        read(Map.of(each.getKey(), each.getValue()), upTo, wanted);
      }
    }
    wanted.sort(NEWEST);
    int left = query.limit() - found;
    // What is beyond the limit is looked at again when the search goes on.
    Map<Integer, Long> again = new HashMap<>();
    wanted.stream()
        .skip(left)
        .forEach(event -> again.merge(event.partition(), event.offset() + 1, Math::max));
    upTo.putAll(again);
    List<EventRow> rows = wanted.stream().limit(left).map(EventRow::of).toList();
    found += rows.size();
    stream.send("rows", rows);
  }

  /** Reads windows, and lowers what is left; if time is up meanwhile they count as unseen. */
  private void read(Map<Integer, Long> begins, Map<Integer, Long> upTo, List<ReceivedEvent> into)
      throws IOException {
    if (begins.isEmpty() || timeIsUp()) {
      return;
    }
    List<ReceivedEvent> wanted = new ArrayList<>();
    if (readAll(begins, upTo, wanted)) {
      into.addAll(wanted);
      upTo.putAll(begins);
      total(upTo);
    }
  }

  private boolean readAll(
      Map<Integer, Long> begins, Map<Integer, Long> upTo, List<ReceivedEvent> wanted)
      throws IOException {
    try (Subscriber subscriber = subscribe(begins)) {
      while (!subscriber.atEnd()) {
        for (ReceivedEvent event : subscriber.poll(POLL)) {
          boolean beyond = event.offset() >= upTo.getOrDefault(event.partition(), 0L);
          if (beyond && begins.size() == 1) {
            return true;
          }
          reachedMs = event.appendTime().toEpochMilli();
          if (!beyond && query.filter().wants(event)) {
            wanted.add(event);
          }
        }
        tell(List.of());
        if (timeIsUp()) {
          return false;
        }
      }
      return true;
    }
  }

  private Subscriber subscribe(Map<Integer, Long> begins) {
    return client.subscribe(
        SubscribeOptions.builder()
            .topic(query.topic())
            .partitions(List.copyOf(begins.keySet()))
            .resume(begins)
            .untilEnd(true)
            .bufferBytes(BUFFER_BYTES)
            .build());
  }

  /** Sends what was found, and now and then how far it is. */
  private void tell(List<EventRow> rows) throws IOException {
    if (!rows.isEmpty()) {
      stream.send("rows", rows);
    }
    if (System.nanoTime() - toldAt > TELL_NANOS) {
      toldAt = System.nanoTime();
      stream.send("progress", progress("", ""));
    }
  }

  private void end(String why, Map<Integer, Long> positions) throws IOException {
    stream.send("progress", progress(why, why.equals("done") ? "" : Progress.resume(positions)));
  }

  private Progress progress(String ended, String resume) {
    return new Progress(scanned, ranges.total(), found, reachedMs, ended, resume);
  }
}
