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
 * Where the replicas of new partitions go: on the nodes that hold the fewest, never two on one rack
 * while another rack is free, and the preferred leader where the fewest leaders are preferred. A
 * pure function of the metadata; confined.
 */
final class Placement {

  private static final class Load {
    final NodeInfo node;
    int replicas;
    int leaders;

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
      for (int i = 0; i < nodes.size(); i++) {
        Load load = loads.get(nodes.get(i));
        if (load != null) {
          load.replicas++;
          load.leaders += i == 0 ? 1 : 0;
        }
      }
    }
  }

  /** The replicas of one more partition, the preferred leader first. */
  ReplicaSet next(int replicationFactor) {
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
    chosen.get(0).leaders++;
    ReplicaSet.Builder set = ReplicaSet.newBuilder();
    for (Load load : chosen) {
      load.replicas++;
      set.addPeers(load.node.peerId());
    }
    return set.build();
  }

  /** The most replicas that a node holds now. */
  int mostReplicas() {
    return loads.values().stream().mapToInt(l -> l.replicas).max().orElse(0);
  }
}
