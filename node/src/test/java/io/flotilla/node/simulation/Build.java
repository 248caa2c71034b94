package io.flotilla.node.simulation;

import io.flotilla.node.core.StateMachine;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;

/**
 * What a simulation is built of. This is the product; mutants are builds that do one thing wrong,
 * which the invariants have to find.
 */
class Build {

  /** Makes the same build again, which remembers nothing. */
  interface Maker {
    Build make();
  }

  /** The machine of a group on a node. */
  StateMachine machine(int node, long group, Store store, StateMachine real) {
    return real;
  }

  /** Up to which entry a node may apply. */
  long deliverable(int node, IdealRaft raft) {
    return raft.committed();
  }

  /** Whether a leader answers appends before they are committed. */
  boolean answersEarly() {
    return false;
  }

  /** Whether a replica that is rebuilt is given the rows of a table. */
  boolean exports(Table table) {
    return true;
  }

  /** A node is about to die. */
  void crashing(Store store) {}

  /** A node's disk, new. */
  Disk disk(int node) {
    return new Disk.Memory();
  }

  /** Replicas' rows are compared at every so many entries. */
  int comparedEvery() {
    return 1;
  }

  /** A node has come back with what it had flushed. */
  void crashed(Store store) {}
}
