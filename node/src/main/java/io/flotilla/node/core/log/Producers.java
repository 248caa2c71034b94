package io.flotilla.node.core.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.state.v1.ProducerBatch;
import io.flotilla.proto.state.v1.ProducerState;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The producers that a partition remembers: a cache of table PRODUCERS, with the order in which
 * they fall out. Confined to the thread that applies. Time is the log's own, which no leader's
 * clock can make leap: whoever is forgotten could repeat a batch, and it would be stored twice.
 *
 * <p>The order is that of each producer's last append, by its offset, which no two share; so a
 * reopened partition forgets the same producers as one that lived on.
 */
final class Producers {

  /** A producer that appended nothing for so long is forgotten. */
  static final long IDLE_MS_MAX = 24L * 60 * 60 * 1000;

  /** What a step from append to append counts at most. */
  static final long STEP_MS_MAX = 6L * 60 * 60 * 1000;

  /** More producers than this are not remembered: the longest idle goes. */
  static final int COUNT_MAX = 10_000;

  /** Forgetting is spread over appends, so that none takes long. */
  static final int EXPIRED_PER_APPEND_MAX = 16;

  private final LogPlace place;
  // Only looked up by key, never iterated: its order would differ between two processes.
  private final Map<Long, ProducerState> states = new HashMap<>();
  // Offset of the last append → producer id; the longest idle first.
  private final TreeMap<Long, Long> byLastAppend = new TreeMap<>();

  private Producers(LogPlace place) {
    this.place = place;
  }

  static Producers open(View view, LogPlace place) {
    Producers producers = new Producers(place);
    long id = place.number();
    try (View.Cursor rows = view.scan(Table.PRODUCERS, Keys.of(id), Keys.of(id + 1))) {
      while (rows.next()) {
        producers.remember(Keys.number(rows.key(), 1), ProducerState.parseFrom(rows.value()));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(
          "a producer's row of " + place.partition() + " cannot be read", e);
    }
    return producers;
  }

  /** The log's own time at an append that is stamped so. */
  static long logTimeMs(PartitionState before, long stampedMs) {
    long step = stampedMs - before.getLastAppendTimeUnixMs();
    return before.getLogTimeMs() + Math.min(step, STEP_MS_MAX);
  }

  /** What is remembered of a producer at a log time, or null. */
  @Nullable ProducerState find(long producerId, long logTimeMs) {
    ProducerState state = states.get(producerId);
    return state == null || isExpired(state, logTimeMs) ? null : state;
  }

  private static boolean isExpired(ProducerState state, long logTimeMs) {
    return logTimeMs - state.getLastAppendLogTimeMs() >= IDLE_MS_MAX;
  }

  /** A producer appended: remembers it, in place of what was known. */
  void put(long producerId, ProducerState state, WriteBatch batch) {
    ProducerState before = states.get(producerId);
    if (before != null) {
      byLastAppend.remove(lastOffset(before));
    }
    remember(producerId, state);
    batch.put(Table.PRODUCERS, Keys.of(place.number(), producerId), state.toByteArray());
  }

  /** Forgets some of the expired ones, and what is beyond the maximum. */
  void forgetIdle(long logTimeMs, WriteBatch batch) {
    for (int i = 0; i < EXPIRED_PER_APPEND_MAX && !byLastAppend.isEmpty(); i++) {
      long longestIdle = byLastAppend.firstEntry().getValue();
      ProducerState state = states.get(longestIdle);
      boolean expired = state != null && isExpired(state, logTimeMs);
      if (!expired && states.size() <= COUNT_MAX) {
        return;
      }
      byLastAppend.pollFirstEntry();
      states.remove(longestIdle);
      batch.delete(Table.PRODUCERS, Keys.of(place.number(), longestIdle));
    }
  }

  private void remember(long producerId, ProducerState state) {
    states.put(producerId, state);
    byLastAppend.put(lastOffset(state), producerId);
  }

  private static long lastOffset(ProducerState state) {
    ProducerBatch last = state.getBatches(state.getBatchesCount() - 1);
    return last.getFirstOffset();
  }
}
