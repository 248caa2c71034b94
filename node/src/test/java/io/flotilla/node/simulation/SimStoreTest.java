package io.flotilla.node.simulation;

import io.flotilla.node.store.Store;
import io.flotilla.node.store.StoreContractTest;

/** The store of the simulation is one: what it finds, others would show, too. */
class SimStoreTest extends StoreContractTest {

  @Override
  protected Store open() {
    return new SimStore();
  }

  @Override
  protected Store crash(Store store) {
    ((SimStore) store).crash();
    return store;
  }
}
