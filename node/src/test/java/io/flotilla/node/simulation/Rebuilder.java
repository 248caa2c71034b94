package io.flotilla.node.simulation;

import io.flotilla.node.core.Applied;
import io.flotilla.node.core.Staging;
import io.flotilla.node.core.group.GroupStaging;
import io.flotilla.node.core.log.LogStaging;
import io.flotilla.node.core.metadata.MetadataStaging;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.RebuildDoor;

/**
 * Builds replicas anew from the rows of another one, by the product's own export, staging and
 * switch. Confined to one thread.
 */
final class Rebuilder {

  private final SimCluster cluster;
  private final Build build;

  Rebuilder(SimCluster cluster, Build build) {
    this.cluster = cluster;
    this.build = build;
  }

  /** From whoever has what is purged at the leader. False when nobody does. */
  boolean fromAnybody(SimNode node, Replica replica) {
    for (SimNode peer : cluster.nodes()) {
      if (from(peer, node, replica, Integer.MAX_VALUE)) {
        return true;
      }
    }
    return false;
  }

  /**
   * From one peer. False when it has less than the replica itself, or than what the leader has
   * purged.
   *
   * @param chunksMax the node dies when it has so many chunks and there are more
   */
  boolean from(SimNode peer, SimNode node, Replica replica, int chunksMax) {
    long group = replica.group;
    Replica there = peer.replica(group);
    if (peer.id() == node.id() || !node.isReached() || !peer.isReached() || there == null) {
      return false;
    }
    long least = Math.max(1, Math.max(replica.applied().index(), cluster.purgedAtLeader(group)));
    if (there.applied().index() < least) {
      return false;
    }
    if (cluster.raft(group).leader() == node.id()) {
      cluster.raft(group).leaderLost();
    }
    Staging staging = staging(node, group);
    Applied at;
    try {
      PeerRows rows = new PeerRows(peer, there, build, chunksMax);
      at = RebuildDoor.pull(group, least, staging, rows);
    } catch (PeerRows.NodeDied e) {
      // What it staged may be on its disk.
      node.store().flush();
      cluster.crash(node);
      return true;
    }
    switchTo(node, replica, at, staging);
    return true;
  }

  private static Staging staging(SimNode node, long group) {
    if (Coordinators.isCoordinator(group)) {
      return new GroupStaging(group);
    }
    return group == GroupIds.METADATA ? new MetadataStaging() : new LogStaging(node.store());
  }

  private void switchTo(SimNode node, Replica replica, Applied at, Staging staging) {
    long group = replica.group;
    long logEnd = replica.received();
    RebuildDoor.switchTo(
        node.store(),
        group,
        at,
        staging,
        logEnd,
        () -> node.reopen(group, replica.partitions, at, logEnd));
    Replica opened = node.replica(group);
    if (opened != null) {
      Invariant.LIVE.holds(
          opened.applied().equals(at), "rebuilt to %s, opened at %s", at, opened.applied());
      cluster.compare(Invariant.O7, node, opened);
    }
    if (group == GroupIds.METADATA) {
      node.image().groups().keySet().forEach(cluster::raft);
    }
  }
}
