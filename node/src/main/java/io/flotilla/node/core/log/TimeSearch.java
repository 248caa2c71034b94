package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.TimeBlocks.FAN_OUT_BITS;
import static io.flotilla.node.core.log.TimeBlocks.block;

import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the earliest event at or after a time between log start and an end. Confined to one thread.
 *
 * <p>Walks down the blocks of table TIMES, from the one that holds the whole log to batches, from
 * left to right, past every block whose maximum is below the time: at most 256 rows a level. Where
 * a maximum says more than the block holds, it finds nothing there and goes on to the right.
 */
final class TimeSearch {

  private final View view;
  private final LogPlace place;
  private final BatchLimits limits;
  private final long logStart;
  private final long end;
  private long firstKept;
  private long wanted;

  TimeSearch(View view, LogPlace place, BatchLimits limits, long logStart, long end) {
    this.view = view;
    this.place = place;
    this.limits = limits;
    this.logStart = logStart;
    this.end = end;
  }

  @Nullable TimeHit firstAtOrAfter(long timestampMs) {
    if (logStart >= end) {
      return null;
    }
    wanted = Math.max(timestampMs, 0);
    firstKept = LogPrefix.firstKept(view, place, logStart);
    int top = 1;
    while (block(top, end - 1) > 0) {
      top++;
    }
    return within(top, 0);
  }

  private @Nullable TimeHit within(int level, long block) {
    if (level == 1) {
      return inBatches(block);
    }
    int below = level - 1;
    long from = Math.max(block << FAN_OUT_BITS, block(below, firstKept));
    long to = Math.min((block + 1) << FAN_OUT_BITS, block(below, end - 1) + 1);
    if (from == 0 && below > 1) {
      // Block 0 has no row there.
      TimeHit hit = within(below, 0);
      if (hit != null) {
        return hit;
      }
    }
    long id = place.number();
    try (View.Cursor rows =
        view.scan(Table.TIMES, Keys.of(id, below, from), Keys.of(id, below, to))) {
      while (rows.next()) {
        if (Keys.number(rows.value(), 0) >= wanted) {
          TimeHit hit = within(below, Keys.number(rows.key(), 2));
          if (hit != null) {
            return hit;
          }
        }
      }
    }
    return null;
  }

  private @Nullable TimeHit inBatches(long block) {
    long id = place.number();
    long from = Math.max(block << FAN_OUT_BITS, firstKept);
    long to = Math.min((block + 1) << FAN_OUT_BITS, end);
    try (View.Cursor rows = view.scan(Table.EVENTS, Keys.of(id, from), Keys.of(id, to))) {
      while (rows.next()) {
        TimeHit hit = inBatch(rows.value());
        if (hit != null) {
          return hit;
        }
      }
    }
    return null;
  }

  private @Nullable TimeHit inBatch(byte[] row) {
    StoredBatch stored;
    List<Event> events;
    try {
      stored = LogReader.decode(place.partition(), row);
      EventBatch batch = stored.getBatch();
      if (batch.getMaxTimestampUnixMs() < wanted) {
        return null;
      }
      events = BatchCodec.decode(batch, limits);
    } catch (FlotillaException passedOver) {
      // Its events cannot be delivered one by one either; the ones behind it can.
      return null;
    }
    for (int i = BatchOffsets.indexOf(stored, logStart); i < events.size(); i++) {
      long offset = BatchOffsets.of(stored, i);
      long timestampMs = events.get(i).getTimestampUnixMs();
      if (offset < end && timestampMs >= wanted) {
        return new TimeHit(offset, timestampMs);
      }
    }
    return null;
  }
}
