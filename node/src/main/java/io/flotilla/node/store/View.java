package io.flotilla.node.store;

import org.jspecify.annotations.Nullable;

/**
 * What may be read. Safe beside the one writer: a reader sees whole write batches or nothing of
 * them. Reading damaged files fails with {@link CorruptStoreException}.
 */
public interface View {

  /** The value of a key, or null. The array is the caller's. */
  byte @Nullable [] get(Table table, byte[] key);

  /**
   * The rows with from ≤ key &lt; to, ascending. Reads a consistent state of the moment of the
   * call. Must be closed.
   */
  Cursor scan(Table table, byte[] from, byte[] to);

  /** The rows with from ≤ key &lt; to, descending. */
  Cursor scanBackward(Table table, byte[] from, byte[] to);

  /** A walk over rows: {@code while (cursor.next()) use(cursor.key(), cursor.value())}. */
  interface Cursor extends AutoCloseable {
    /** Moves to the next row (at first: the first); false at the end. */
    boolean next();

    /** The current row's key; the caller's copy. */
    byte[] key();

    /** The current row's value; the caller's copy. */
    byte[] value();

    @Override
    void close();
  }
}
