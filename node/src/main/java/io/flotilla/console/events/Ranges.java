package io.flotilla.console.events;

import io.flotilla.client.Admin;
import io.flotilla.client.PartitionOffsetInfo;
import io.flotilla.client.StartPosition;
import io.flotilla.console.web.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a search has before it: of each partition a begin and an end, fixed when it started. So it
 * can always say how much of all it has seen. Immutable.
 */
record Ranges(Map<Integer, Range> of) {

  /** Offsets from {@code begin}, inclusive, to {@code end}, exclusive. */
  record Range(long begin, long end) {
    long size() {
      return Math.max(0, end - begin);
    }
  }

  /** Asks the leaders. */
  static Ranges ask(Admin admin, EventQuery query) {
    Map<Integer, Long> first = offsets(admin, query.topic(), StartPosition.earliest());
    Map<Integer, Long> ends = offsets(admin, query.topic(), StartPosition.latest());
    StartPosition from = query.from();
    // An offset need not be in every partition, so it is put between begin and end here.
    Map<Integer, Long> begins =
        from == null || from instanceof StartPosition.AtOffset
            ? first
            : offsets(admin, query.topic(), from);
    Map<Integer, Range> of = new TreeMap<>();
    ends.forEach(
        (partition, end) -> {
          if (query.wants(partition, ends.size())) {
            long lowest = first.getOrDefault(partition, 0L);
            long begin = begin(query, partition, lowest, begins.get(partition), end);
            of.put(partition, new Range(begin, end));
          }
        });
    if (of.isEmpty()) {
      throw Refusal.badRequest("topic " + query.topic() + " has no partition " + query.partition());
    }
    return new Ranges(of);
  }

  private static long begin(
      EventQuery query, int partition, long lowest, @Nullable Long asked, long end) {
    long begin = asked == null ? end : asked;
    if (query.from() instanceof StartPosition.AtOffset at) {
      begin = at.offset();
    }
    Long resumed = query.from() == null ? null : query.resume().get(partition);
    if (resumed != null) {
      begin = resumed;
    }
    return Math.min(end, Math.max(lowest, begin));
  }

  /** Of each partition; without one where no event is at or after the time asked for. */
  private static Map<Integer, Long> offsets(Admin admin, String topic, StartPosition position) {
    List<PartitionOffsetInfo> told = admin.listOffsets(topic, position);
    Map<Integer, Long> offsets = new HashMap<>();
    for (PartitionOffsetInfo each : told) {
      Long offset = each.offset();
      if (offset != null) {
        offsets.put(each.partition(), offset);
      }
    }
    return offsets;
  }

  long total() {
    return of.values().stream().mapToLong(Range::size).sum();
  }
}
