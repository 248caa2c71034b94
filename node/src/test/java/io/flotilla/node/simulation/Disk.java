package io.flotilla.node.simulation;

import io.flotilla.node.store.Store;

/** A node's store, and what a crash leaves of it. Confined to one thread. */
interface Disk extends AutoCloseable {

  Store store();

  /** What was not flushed is gone; the store is another one from now on, or the same. */
  void crash();

  /** A sum over the rows of a scope; see {@link RowSums}. */
  long sum(long scope);

  @Override
  void close();

  /** In memory. */
  final class Memory implements Disk {
    private final SimStore store = new SimStore();

    @Override
    public Store store() {
      return store;
    }

    @Override
    public void crash() {
      store.crash();
    }

    @Override
    public long sum(long scope) {
      return store.sums().of(scope);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
