package io.flotilla.node.store;

/**
 * The store as it was at one moment, while it is being written. Safe for many threads. It keeps the
 * store from freeing what was replaced since: to be closed soon, and before the store is.
 */
public interface Snapshot extends View, AutoCloseable {

  /** Done already: nothing happens. Its cursors may be closed later. */
  @Override
  void close();
}
