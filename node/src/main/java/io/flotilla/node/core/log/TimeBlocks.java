package io.flotilla.node.core.log;

import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import java.util.Arrays;

/**
 * Writes table TIMES: the largest timestamp of each block of offsets. A block of level 1 is 256
 * offsets, each further level takes 256 blocks of the one below together. A batch counts in the
 * block in which it begins. Block 0 has no row above level 1, so that a short log needs one row.
 * Confined to the thread that applies; its fields are a cache of the store.
 *
 * <p>A row may say more than its block holds (after a trim, say), never less: {@link TimeSearch}
 * then looks in vain, and goes on.
 */
final class TimeBlocks {

  /** 256 blocks of a level make one of the next. */
  static final int FAN_OUT_BITS = 8;

  /** The highest level with rows; the one above it would hold every offset that there can be. */
  static final int LEVEL_MAX = 7;

  private static final long NONE = -1;

  private final LogPlace place;
  // Of each level: the block of the last append, and its maximum.
  private final long[] blocks = new long[LEVEL_MAX + 1];
  private final long[] maxima = new long[LEVEL_MAX + 1];

  TimeBlocks(LogPlace place) {
    this.place = place;
    Arrays.fill(blocks, NONE);
  }

  /** The block of a level that an offset is in. */
  static long block(int level, long offset) {
    return level > LEVEL_MAX ? 0 : offset >>> (FAN_OUT_BITS * level);
  }

  void appended(long firstOffset, long maxTimestampMs, WriteBatch batch) {
    for (int level = 1; level == 1 || block(level, firstOffset) > 0; level++) {
      long block = block(level, firstOffset);
      byte[] key = Keys.of(place.number(), level, block);
      if (blocks[level] != block) {
        // Offsets only grow: a block behind one that was seen here has no row yet.
        byte[] row = blocks[level] == NONE ? batch.get(Table.TIMES, key) : null;
        blocks[level] = block;
        maxima[level] = row == null ? NONE : Keys.number(row, 0);
      }
      if (maxTimestampMs > maxima[level]) {
        maxima[level] = maxTimestampMs;
        batch.put(Table.TIMES, key, Keys.of(maxTimestampMs));
      }
    }
  }

  /**
   * Removes the blocks wholly below the batch that holds log start.
   *
   * @param from where the batch began that held log start before
   * @param to where the one begins that holds it now
   */
  static void trimmed(LogPlace place, long from, long to, WriteBatch batch) {
    long id = place.number();
    for (int level = 1; level == 1 || block(level, to) > 0; level++) {
      batch.deleteRange(
          Table.TIMES,
          Keys.of(id, level, block(level, from)),
          Keys.of(id, level, block(level, to)));
    }
  }
}
