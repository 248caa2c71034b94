package io.flotilla.node.partition;

import io.flotilla.node.core.Applied;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Snapshot;
import java.util.List;

/** Makes exports for a simulation, which has no Raft host. Stateless. */
public final class ExportDoor {

  private static final long TOKEN = 1;

  private ExportDoor() {}

  /**
   * All rows of a group at one moment; closed by {@link #close}.
   *
   * @param partitions those that the group carries; none = it is the metadata or a coordinator
   */
  public static GroupExport open(
      long group, Applied at, Snapshot snapshot, List<PartitionId> partitions) {
    if (Coordinators.isCoordinator(group)) {
      return GroupExport.ofCoordinator(TOKEN, group, at, snapshot);
    }
    return partitions.isEmpty()
        ? GroupExport.ofMetadata(TOKEN, group, at, snapshot)
        : GroupExport.ofPartitions(TOKEN, group, at, snapshot, partitions);
  }

  public static void close(GroupExport export) {
    export.close();
  }
}
