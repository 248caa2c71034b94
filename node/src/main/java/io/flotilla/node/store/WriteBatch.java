package io.flotilla.node.store;

/**
 * One atomic store write in the making; reads see it on top of the store. Confined to the thread
 * that made it. Ends by {@link Store#commit} or by close.
 */
public interface WriteBatch extends View, AutoCloseable {

  /** Writes a row. Both arrays belong to the batch from now on: the caller must not change them. */
  void put(Table table, byte[] key, byte[] value);

  void delete(Table table, byte[] key);

  /** Deletes the rows with from ≤ key &lt; to. */
  void deleteRange(Table table, byte[] from, byte[] to);

  /** Bytes gathered so far, about. */
  long bytes();

  @Override
  void close();
}
