package io.flotilla.node.store;

/**
 * A node's ordered key-value store. Committed batches are atomic and ordered, but only durable
 * after {@link #flush}: what was committed since may be lost by a crash, always as a suffix of
 * whole batches (the Raft log holds it and is replayed). Safe for many threads.
 */
public interface Store extends View, AutoCloseable {

  WriteBatch newBatch();

  /**
   * Applies the batch atomically and closes it. Throws if the store is broken; then the replica
   * stops.
   */
  void commit(WriteBatch batch);

  /** What has been committed until now, for a reader that takes its time. Must be closed. */
  Snapshot snapshot();

  /** Makes everything committed before the call durable, all tables at one point. Blocks. */
  void flush();

  /** Bytes committed since the last flush, about: when to flush next. */
  long bytesSinceFlush();

  /**
   * Sees to it that the space of deleted rows returns to the disk, by and by and on another thread;
   * rows that are not deleted stay. Does not block.
   *
   * @param from the range in which much was deleted, from here
   * @param to up to here, exclusive
   */
  void reclaim(Table table, byte[] from, byte[] to);

  /**
   * Gives the store up: what it holds cannot be trusted, and opening it again fails with {@link
   * CorruptStoreException} until its files are gone. Goes on serving until it is closed.
   */
  void giveUp(String why);

  /** How it is doing. Cheap enough for each second. */
  StoreNumbers numbers();

  @Override
  void close();
}
