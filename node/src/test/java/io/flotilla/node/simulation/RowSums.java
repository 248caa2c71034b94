package io.flotilla.node.simulation;

import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * A sum over the rows of each scope of a store (a partition's place, a coordinator, the metadata),
 * kept up to date row by row: equal sums are equal rows, but for chance in 2^64. The place itself
 * does not count, as it differs between nodes. Confined to one thread.
 */
final class RowSums {

  /** The scope of the metadata; all others are numbers at the beginning of their keys. */
  static final long METADATA = 0;

  private static final long MIX = 0x9E3779B97F4A7C15L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Map<Long, Long> sums = new HashMap<>();

  void added(Table table, byte[] key, byte[] value) {
    if (counts(table)) {
      sums.merge(scope(table, key), row(table, key, value), Long::sum);
    }
  }

  void removed(Table table, byte[] key, byte[] value) {
    if (counts(table)) {
      sums.merge(scope(table, key), -row(table, key, value), Long::sum);
    }
  }

  long of(long scope) {
    return sums.getOrDefault(scope, 0L);
  }

  /** What is of a node alone does not count. */
  private static boolean counts(Table table) {
    return table != Table.RAFT && table != Table.PLACES;
  }

  private static long scope(Table table, byte[] key) {
    return from(table, key) == 0 ? METADATA : Keys.number(key, 0);
  }

  /** Where a key's own part begins, behind the number of its scope. */
  private static int from(Table table, byte[] key) {
    return table == Table.METADATA || key.length < Long.BYTES ? 0 : Long.BYTES;
  }

  private static long row(Table table, byte[] key, byte[] value) {
    int from = from(table, key);
    long hash = hash(hash(table.name().hashCode(), key, from) * MIX, value, 0);
    return hash ^ (hash >>> 31);
  }

  static long mix(long sum, long more) {
    long mixed = (sum ^ more) * MIX;
    return mixed ^ (mixed >>> 29);
  }

  private static long hash(long seed, byte[] bytes, int from) {
    long hash = seed + bytes.length;
    int at = from;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      hash = mix(hash, (long) LONGS.get(bytes, at));
    }
    for (; at < bytes.length; at++) {
      hash = mix(hash, bytes[at]);
    }
    return hash;
  }
}
