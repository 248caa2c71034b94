package io.flotilla.node.simulation;

import com.google.protobuf.ByteString;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.core.group.GroupMachine;
import io.flotilla.node.core.log.LogPlace;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.log.LogStaging;
import io.flotilla.node.core.log.PartitionGroupMachine;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.MetadataLimits;
import io.flotilla.node.core.metadata.MetadataMachine;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.AppliedRow;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.RebuildDoor;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.WriteBatch;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node without network: a store, the machines of its groups, and what a crash makes of them. It
 * hosts what its own metadata say, as partition.PartitionSet does. Confined to one thread.
 */
final class SimNode {

  private final int id;
  private final Build build;
  private final SortedMap<Long, Replica> replicas = new TreeMap<>();
  // The Raft logs, which are synced: a crash leaves them. Group → purged, received.
  private final Map<Long, long[]> logs = new TreeMap<>();
  private Disk disk;
  private MetadataImage image = MetadataImage.EMPTY;
  private Map<Long, GroupMachine> coordinators = new TreeMap<>();
  private boolean up = true;
  private boolean connected = true;

  SimNode(int id, Build build) {
    this.id = id;
    this.build = build;
    this.disk = build.disk(id);
    openAll();
  }

  int id() {
    return id;
  }

  Store store() {
    return disk.store();
  }

  MetadataImage image() {
    return image;
  }

  /** The consumer groups as a coordinator's replica here shows them. */
  Map<String, GroupImage> groups(long coordinator) {
    GroupMachine machine = coordinators.get(coordinator);
    return machine == null ? Map.of() : machine.images();
  }

  boolean isUp() {
    return up;
  }

  boolean isReached() {
    return up && connected;
  }

  void connect(boolean on) {
    connected = on;
  }

  SortedMap<Long, Replica> replicas() {
    return replicas;
  }

  @Nullable Replica replica(long group) {
    return replicas.get(group);
  }

  void close() {
    disk.close();
  }

  void crash() {
    up = false;
    keepLogs();
    replicas.clear();
    coordinators.clear();
    build.crashing(store());
    disk.crash();
    build.crashed(store());
  }

  private void keepLogs() {
    for (Replica replica : replicas.values()) {
      logs.put(replica.group, new long[] {replica.purged(), replica.received()});
    }
  }

  void start() {
    up = true;
    LogStaging.dropLeftovers(store());
    openAll();
  }

  /** A new disk. */
  void wipe() {
    replicas.clear();
    coordinators.clear();
    logs.clear();
    disk.close();
    disk = build.disk(id);
    up = true;
    openAll();
  }

  private void openAll() {
    coordinators = new TreeMap<>();
    open(GroupIds.METADATA, List.of());
    reconcile();
  }

  /** Opens a group on what the store and its log hold. */
  void open(long group, List<PartitionId> partitions) {
    Replica replica = new Replica(group, partitions, store(), AppliedRow.of(store(), group));
    long[] log = logs.get(group);
    if (log != null) {
      replica.log(log[0], log[1]);
    }
    replicas.put(group, replica);
    replica.machine(build.machine(id, group, store(), real(group, replica)));
  }

  private StateMachine real(long group, Replica replica) {
    if (group == GroupIds.METADATA) {
      MetadataMachine machine = new MetadataMachine(store(), this::heard);
      image = machine.image();
      return machine;
    }
    if (Coordinators.isCoordinator(group)) {
      GroupMachine machine = new GroupMachine(group, store(), names -> {});
      coordinators.put(group, machine);
      return machine;
    }
    return new PartitionGroupMachine(group, store(), replica);
  }

  private void heard(MetadataImage next) {
    Invariant.M4.holds(
        next.revision() > image.revision(),
        "node %d goes from revision %d to %d",
        id,
        image.revision(),
        next.revision());
    image = next;
  }

  /** Hosts what the metadata say, and lets go of what is no more. */
  void reconcile() {
    for (long group : List.copyOf(replicas.keySet())) {
      boolean given = group >= MetadataLimits.FIRST_GROUP && group < image.nextGroup();
      if (given && !image.groups().containsKey(group)) {
        replicas.remove(group);
        logs.remove(group);
      }
    }
    for (PartitionId partition : LogReader.partitions(store())) {
      int topic = partition.topicId();
      if (!image.topicsById().containsKey(topic) && topic < image.nextTopicId()) {
        try (WriteBatch batch = store().newBatch()) {
          LogReader.dropPartition(partition, batch);
          store().commit(batch);
        }
      }
    }
    for (GroupInfo group : image.groups().values()) {
      if (!replicas.containsKey(group.group())) {
        open(group.group(), group.partitions());
      }
    }
  }

  /** Applies an entry as raft.StateMachineAdapter does: one atomic write, then readers see it. */
  ByteString apply(Replica replica, Applied at, ByteString command) {
    ByteString outcome;
    try (WriteBatch batch = store().newBatch()) {
      outcome = replica.machine().apply(at, command, batch);
      RebuildDoor.applied(batch, replica.group, at);
      store().commit(batch);
    }
    replica.applied(at);
    replica.machine().publish();
    return outcome;
  }

  /** A sum over all rows of a group. */
  long sum(Replica replica) {
    if (replica.partitions.isEmpty()) {
      return disk.sum(replica.group == GroupIds.METADATA ? RowSums.METADATA : replica.group);
    }
    long sum = 0;
    for (PartitionId partition : replica.partitions) {
      sum = RowSums.mix(sum, disk.sum(LogPlace.of(store(), partition).number()));
    }
    return sum;
  }

  /** A group was rebuilt: its log begins behind the rows, unless it reaches beyond them. */
  void reopen(long group, List<PartitionId> partitions, Applied at, long logEnd) {
    logs.put(group, new long[] {at.index(), logEnd});
    open(group, partitions);
    if (group == GroupIds.METADATA) {
      reconcile();
    }
  }

  /** Flushes, and purges each log that has enough to be purged. */
  void flush(int purgeEvery) {
    store().flush();
    for (Replica replica : replicas.values()) {
      if (replica.applied().index() - replica.purged() >= purgeEvery) {
        replica.purged(replica.applied().index());
      }
    }
  }
}
