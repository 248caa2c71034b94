package io.flotilla.console.events;

import io.flotilla.client.KeyPartition;
import io.flotilla.client.StartPosition;
import io.flotilla.console.web.Params;
import io.flotilla.console.web.Refusal;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for, as it stands in the address of the page.
 *
 * @param topic in this topic
 * @param partition in this partition; -1 = all; -2 = where the key belongs
 * @param from where to begin; null = the newest first, backwards
 * @param filter which events
 * @param limit end with so many
 * @param resume where an earlier search has come to; empty = none
 */
record EventQuery(
    String topic,
    int partition,
    @Nullable StartPosition from,
    EventFilter filter,
    int limit,
    Map<Integer, Long> resume) {

  static final int ALL = -1;
  static final int BY_KEY = -2;

  private static final int LIMIT = 100;
  private static final int LIMIT_MAX = 1_000;

  static EventQuery of(Params params) {
    EventFilter filter = new EventFilter(params.text("key", ""), params.text("where", ""));
    return new EventQuery(
        params.required("topic"),
        partition(params, filter),
        from(params),
        filter,
        params.integer("limit", LIMIT, 1, LIMIT_MAX),
        resume(params.text("resume", "")));
  }

  private static int partition(Params params, EventFilter filter) {
    if (params.text("partition", "").equals("key")) {
      if (filter.key() == null) {
        throw Refusal.badRequest("a key is needed to know its partition");
      }
      return BY_KEY;
    }
    return params.integer("partition", ALL, ALL, Integer.MAX_VALUE);
  }

  private static @Nullable StartPosition from(Params params) {
    String from = params.text("from", "newest");
    return switch (from) {
      case "newest" -> null;
      case "earliest" -> StartPosition.earliest();
      case "offset" -> StartPosition.offset(params.number("at", 0, 0, Long.MAX_VALUE));
      case "time" ->
          StartPosition.time(
              Instant.ofEpochMilli(
                  params.number("at", 0, 0, StartPosition.LAST_TIME.toEpochMilli())));
      default -> throw Refusal.badRequest("from is newest, earliest, offset or time");
    };
  }

  /** As {@code partition:offset,…}. */
  private static Map<Integer, Long> resume(String text) {
    Map<Integer, Long> resume = new TreeMap<>();
    if (!text.isEmpty()) {
      for (String each : text.split(",", -1)) {
        String[] parts = each.split(":", -1);
        try {
          resume.put(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
          throw Refusal.badRequest("resume is partition:offset,…, found \"" + each + "\"");
        }
      }
    }
    return resume;
  }

  /** The partition is wanted, of so many. */
  boolean wants(int number, int of) {
    return switch (partition) {
      case ALL -> true;
      case BY_KEY -> {
        byte[] key = filter.key();
        yield key != null && number == KeyPartition.of(key, of);
      }
      default -> number == partition;
    };
  }
}
