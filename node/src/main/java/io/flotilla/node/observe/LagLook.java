package io.flotilla.node.observe;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.proto.state.v1.CursorState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far consumer groups are behind in the partitions led here. Looks when it is asked, but after
 * a look rests for a second at least, and for twenty times as long as the look took: so it takes a
 * twentieth of a processor at most, however many groups and scrapers there are. A look reads a
 * batch of each partition in which a group's position moved, a thousand at most; of the others it
 * remembers. Used by one thread at a time.
 */
final class LagLook {

  private static final Logger LOG = LoggerFactory.getLogger(LagLook.class);
  private static final long REST_NANOS_MIN = Duration.ofSeconds(1).toNanos();
  private static final int REST_TIMES = 20;
  private static final int READS_MAX = 1_000;

  /**
   * How far a group is behind in the partitions led here.
   *
   * @param events not yet processed, all partitions together
   * @param oldestMs when the oldest of them was appended, in milliseconds since 1970; 0 = none
   */
  record Lag(long events, long oldestMs) {

    static final Lag NONE = new Lag(0, 0);

    Lag plus(Lag other) {
      long oldest =
          oldestMs == 0 || other.oldestMs == 0
              ? Math.max(oldestMs, other.oldestMs)
              : Math.min(oldestMs, other.oldestMs);
      return new Lag(events + other.events, oldest);
    }

    double seconds(long nowMs) {
      return oldestMs == 0 ? 0 : Math.max(0, nowMs - oldestMs) / 1e3;
    }
  }

  private record Place(PartitionId partition, String group) {}

  private record Oldest(long offset, long appendMs) {}

  private final Supplier<Collection<Partition>> partitions;
  private final LongSupplier nanoTime;
  private Map<Place, Oldest> oldest = new HashMap<>();
  private Map<String, Lag> lags = Map.of();
  private long nextLook;
  private int reads;

  LagLook(Supplier<Collection<Partition>> partitions, LongSupplier nanoTime) {
    this.partitions = partitions;
    this.nanoTime = nanoTime;
    this.nextLook = nanoTime.getAsLong();
  }

  /** By consumer group. */
  Map<String, Lag> lags() {
    long begin = nanoTime.getAsLong();
    if (begin - nextLook >= 0) {
      look();
      long end = nanoTime.getAsLong();
      nextLook = end + Math.max(REST_NANOS_MIN, REST_TIMES * (end - begin));
    }
    return lags;
  }

  private void look() {
    Map<String, Lag> sums = new HashMap<>();
    Map<Place, Oldest> known = new HashMap<>();
    reads = 0;
    for (Partition partition : partitions.get()) {
      if (partition.leads() && !partition.closed()) {
        for (Map.Entry<String, CursorState> cursor : partition.cursors().all().entrySet()) {
          Lag lag = lag(partition, cursor.getKey(), cursor.getValue().getOffset(), known);
          sums.merge(cursor.getKey(), lag, Lag::plus);
        }
      }
    }
    oldest = known;
    lags = sums;
  }

  private Lag lag(Partition partition, String group, long committed, Map<Place, Oldest> known) {
    // What was trimmed cannot be processed any more.
    long next = Math.max(committed, partition.logStartOffset());
    long events = Math.max(0, partition.highWatermark() - next);
    if (events == 0) {
      return Lag.NONE;
    }
    Place place = new Place(partition.id(), group);
    Oldest before = oldest.get(place);
    boolean moved = before == null || before.offset() != next;
    Oldest now = moved && reads < READS_MAX ? read(partition, next) : before;
    if (now == null) {
      return new Lag(events, 0);
    }
    known.put(place, now);
    return new Lag(events, now.appendMs());
  }

  private Oldest read(Partition partition, long offset) {
    reads++;
    try {
      return new Oldest(offset, partition.cursors().appendTimeFrom(offset));
    } catch (FlotillaException e) {
      LOG.debug("age of offset {} of partition {} unknown", offset, partition.id(), e);
      return new Oldest(offset, 0);
    }
  }
}
