package io.flotilla.node.raft;

import io.flotilla.node.store.Store;
import io.flotilla.node.store.WriteBatch;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Groups that are removed on purpose, until nothing durable tells of them any more. How far a group
 * was applied stands in the store, which goes back to its last flush when the node is killed; found
 * without a log, such a group would count as damaged, and on all nodes at once, for a topic is
 * deleted on all of them. So that it is removed is durable first, and forgotten last. Safe.
 */
final class Removals {

  private final Store store;
  private final FloorKeeper floors;
  private final Set<Long> dropped = ConcurrentHashMap.newKeySet();

  Removals(Store store, FloorKeeper floors) {
    this.store = store;
    this.floors = floors;
  }

  /** Before the group's log goes. */
  void begin(long group) {
    floors.removed(group);
  }

  /** The log is gone, and nobody applies anything of the group any more. */
  void end(long group) {
    try (WriteBatch batch = store.newBatch()) {
      GroupDisks.dropApplied(group, batch);
      store.commit(batch);
    }
    dropped.add(group);
  }

  /** Of which the next flush makes durable that they are gone from the store. */
  Set<Long> pending() {
    return Set.copyOf(dropped);
  }

  /** The store was flushed since these were pending. */
  void durable(Set<Long> groups) {
    if (!groups.isEmpty()) {
      floors.forget(groups);
      dropped.removeAll(groups);
    }
  }
}
