package io.flotilla.node.core.log;

import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where a partition's rows are in this node's store: all of them begin with this number. A
 * partition has many possible places, one behind the other, so that a replica can be built anew
 * beside the old one and take its place in one write. Immutable; differs between nodes.
 *
 * @param number topic (32 bits), partition (21), generation (11)
 */
public record LogPlace(long number) {

  /** The tables whose keys begin with a place; a partition with rows has one in the first. */
  public static final List<Table> TABLES =
      List.of(
          Table.PARTITIONS,
          Table.EVENTS,
          Table.TIMES,
          Table.MARKS,
          Table.PRODUCERS,
          Table.KEYS,
          Table.SUPERSEDED,
          Table.TOMBSTONES,
          Table.CURSORS);

  private static final int GENERATION_BITS = 11;
  private static final long GENERATIONS = 1L << GENERATION_BITS;

  /** Partitions of a topic for which there is room. */
  private static final int PARTITIONS_MAX = 1 << 21;

  /** Where the partition's rows are. */
  public static LogPlace of(View view, PartitionId partition) {
    byte[] row = view.get(Table.PLACES, Keys.of(partition.toLong()));
    return row == null ? first(partition) : new LogPlace(Keys.number(row, 0));
  }

  /** Where they are unless they were moved. */
  public static LogPlace first(PartitionId partition) {
    if (partition.partition() >= PARTITIONS_MAX) {
      throw new IllegalArgumentException("no place for partition " + partition);
    }
    return new LogPlace(
        ((long) partition.topicId() << 32) | ((long) partition.partition() << GENERATION_BITS));
  }

  /** Behind all places of the partition. */
  static long afterAll(PartitionId partition) {
    return first(partition).number + GENERATIONS;
  }

  /** Another place for the same partition. */
  public LogPlace next() {
    long generation = (number + 1) % GENERATIONS;
    return new LogPlace(number - number % GENERATIONS + generation);
  }

  public PartitionId partition() {
    return new PartitionId(
        (int) (number >>> 32), (int) ((number & 0xFFFF_FFFFL) >>> GENERATION_BITS));
  }

  /** Below every key of the place. */
  public byte[] from() {
    return Keys.of(number);
  }

  /** Above every key of the place. */
  public byte[] to() {
    return Keys.of(number + 1);
  }

  /** The key of a row here, made of the rest of its key. */
  byte[] key(byte[] rest) {
    return ByteBuffer.allocate(Long.BYTES + rest.length).putLong(number).put(rest).array();
  }

  /** Deletes all rows here. */
  void clear(WriteBatch batch) {
    TABLES.forEach(table -> batch.deleteRange(table, from(), to()));
  }

  /** From now on the partition's rows are here. */
  public void move(WriteBatch batch) {
    batch.put(Table.PLACES, Keys.of(partition().toLong()), Keys.of(number));
  }
}
