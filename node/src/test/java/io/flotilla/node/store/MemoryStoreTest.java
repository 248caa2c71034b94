package io.flotilla.node.store;

/** The store in memory keeps the contract. */
class MemoryStoreTest extends StoreContractTest {

  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected Store crash(Store store) {
    return ((MemoryStore) store).crash();
  }
}
