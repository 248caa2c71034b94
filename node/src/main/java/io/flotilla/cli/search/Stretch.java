package io.flotilla.cli.search;

import io.flotilla.client.Admin;
import io.flotilla.client.PartitionOffsetInfo;
import io.flotilla.client.StartPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Offsets of a partition that are to be looked at.
 *
 * @param kept the first offset that retention has left
 * @param from the first one to look at
 * @param until the first one that is not to be looked at
 */
record Stretch(int partition, long kept, long from, long until) {

  long offsets() {
    return until - from;
  }

  /** The same partition, another stretch. */
  Stretch between(long begin, long end) {
    return new Stretch(partition, kept, begin, end);
  }

  /** Between two positions, as far as events are kept; empty stretches, too. */
  static List<Stretch> of(
      Admin admin, String topic, List<Integer> partitions, StartPosition from, StartPosition to) {
    Map<Integer, Long> kept = offsets(admin, topic, StartPosition.earliest());
    Map<Integer, Long> ends = offsets(admin, topic, StartPosition.latest());
    Map<Integer, Long> begins = positions(admin, topic, from, kept, ends);
    Map<Integer, Long> limits = positions(admin, topic, to, kept, ends);
    return partitions.stream()
        .map(
            partition -> {
              long begin = begins.getOrDefault(partition, 0L);
              long limit = Math.max(begin, limits.getOrDefault(partition, 0L));
              return new Stretch(partition, kept.getOrDefault(partition, 0L), begin, limit);
            })
        .toList();
  }

  private static Map<Integer, Long> positions(
      Admin admin,
      String topic,
      StartPosition position,
      Map<Integer, Long> kept,
      Map<Integer, Long> ends) {
    if (position instanceof StartPosition.Earliest) {
      return kept;
    }
    if (position instanceof StartPosition.Latest) {
      return ends;
    }
    Map<Integer, Long> found = new HashMap<>(ends); // Beyond the last event: its end.
    if (position instanceof StartPosition.AtOffset at) {
      found.replaceAll(
          (partition, end) ->
              Math.max(kept.getOrDefault(partition, 0L), Math.min(end, at.offset())));
    } else {
      found.putAll(offsets(admin, topic, position));
    }
    return found;
  }

  private static Map<Integer, Long> offsets(Admin admin, String topic, StartPosition position) {
    Map<Integer, Long> offsets = new HashMap<>();
    for (PartitionOffsetInfo info : admin.listOffsets(topic, position)) {
      if (info.offset() != null) {
        offsets.put(info.partition(), info.offset());
      }
    }
    return offsets;
  }
}
