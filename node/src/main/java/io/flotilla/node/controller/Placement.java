package io.flotilla.node.controller;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.proto.state.v1.ReplicaSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the replicas of new groups go, and how many groups a topic gets. Replicas go to the nodes
 * that hold the fewest, never two on one rack while another rack is free, and the preferred leader
 * where the fewest leaders are preferred; all counted in partitions. A pure function of the
 * metadata; confined.
 */
final class Placement {

  private static final class Load {
    final NodeInfo node;
    int groups;
    int replicas; // of partitions
    int leaders; // of partitions

    Load(NodeInfo node) {
      this.node = node;
    }
  }

  private final Map<Integer, Load> loads = new TreeMap<>();

  /** Counts what the candidates hold already. */
  Placement(MetadataImage image, Collection<NodeInfo> candidates) {
    candidates.forEach(node -> loads.put(node.nodeId(), new Load(node)));
    for (GroupInfo group : image.groups().values()) {
      List<Integer> nodes = group.nodeIds();
      int partitions = Math.max(1, group.partitions().size());
      for (int i = 0; i < nodes.size(); i++) {
        Load load = loads.get(nodes.get(i));
        if (load != null) {
          load.groups++;
          load.replicas += partitions;
          load.leaders += i == 0 ? partitions : 0;
        }
      }
    }
  }

  /**
   * How many groups carry a topic's partitions: one each while no node holds more than its budget.
   * Beyond it they share what is left of it, but each node has one of them to lead. As many to each
   * node, so that none leads more than the others.
   *
   * @param budget groups that a node is to hold
   */
  int groupsFor(int partitions, int replicationFactor, int budget) {
    long left = loads.values().stream().mapToLong(l -> Math.max(0, budget - l.groups)).sum();
    if (partitions <= left / replicationFactor) {
      return partitions;
    }
    int nodes = loads.size();
    int rounds = (int) Math.max(1, left / replicationFactor / nodes);
    return Math.min(partitions, rounds * nodes);
  }

  /**
   * The replicas of one more group, the preferred leader first.
   *
   * @param partitions how many it carries; at least 1
   */
  ReplicaSet next(int replicationFactor, int partitions) {
    List<Load> byLoad = new ArrayList<>(loads.values());
    byLoad.sort(
        Comparator.<Load>comparingInt(l -> l.replicas)
            .thenComparingInt(l -> l.leaders)
            .thenComparingInt(l -> l.node.nodeId()));
    List<Load> chosen = new ArrayList<>();
    Set<String> racks = new HashSet<>();
    for (Load load : byLoad) {
      boolean free = load.node.rack().isEmpty() || !racks.contains(load.node.rack());
      if (chosen.size() < replicationFactor && free) {
        racks.add(load.node.rack());
        chosen.add(load);
      }
    }
    for (Load load : byLoad) {
      if (chosen.size() < replicationFactor && !chosen.contains(load)) {
        chosen.add(load);
      }
    }
    chosen.sort(
        Comparator.<Load>comparingInt(l -> l.leaders).thenComparingInt(l -> l.node.nodeId()));
    chosen.get(0).leaders += partitions;
    ReplicaSet.Builder set = ReplicaSet.newBuilder();
    for (Load load : chosen) {
      load.groups++;
      load.replicas += partitions;
      set.addPeers(load.node.peerId());
    }
    return set.build();
  }

  /** The most replicas of partitions that a node holds now. */
  int mostReplicas() {
    return loads.values().stream().mapToInt(l -> l.replicas).max().orElse(0);
  }

  /** The most groups that a node holds now. */
  int mostGroups() {
    return loads.values().stream().mapToInt(l -> l.groups).max().orElse(0);
  }
}
