package io.flotilla.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything a node is told at its start. See {@link ConfigLoader} for file and environment.
 *
 * @param id this node's id, one of cluster.nodes; key {@code node.id}
 * @param dir where it keeps its data; key {@code node.dir}
 * @param rack where it stands; replicas of a partition avoid sharing one. Key {@code node.rack},
 *     default empty = not said
 * @param nodes the bootstrap nodes: 1, 3 or 5, the same list on each, as {@code
 *     id@host:grpcPort:raftPort}; they replicate the metadata. Key {@code cluster.nodes}
 * @param batchBytesMax largest payload of a batch, in bytes, the same on each node; key {@code
 *     batch.max-bytes}, default 1 MiB
 */
public record NodeConfig(
    int id,
    Path dir,
    String rack,
    List<ClusterNode> nodes,
    int batchBytesMax,
    GrpcConfig grpc,
    RaftConfig raft,
    PartitionConfig partitions,
    TopicConfig topics,
    MemoryConfig memory,
    DiskConfig disk,
    HttpConfig http,
    GroupsConfig groups,
    MetricsConfig metrics,
    TracingConfig tracing) {

  public static final int BATCH_BYTES_MAX_DEFAULT = 1 << 20;
  private static final int ENTRY_OVERHEAD = 64 << 10;

  /** This node as the list names it. */
  public ClusterNode self() {
    return nodes.stream()
        .filter(node -> node.id() == id)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("node " + id + " is not in cluster.nodes"));
  }

  /** All faults at once; empty when there are none. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (nodes.size() != 1 && nodes.size() != 3 && nodes.size() != 5) {
      faults.add("cluster.nodes names " + nodes.size() + " nodes; a cluster has 1, 3 or 5");
    }
    Set<Object> seen = new HashSet<>();
    for (ClusterNode node : nodes) {
      if (!seen.add(node.id())) {
        faults.add("cluster.nodes: id " + node.id() + " occurs twice");
      }
      if (!seen.add(node.host() + ":" + node.grpcPort())
          || !seen.add(node.host() + ":" + node.raftPort())) {
        faults.add("cluster.nodes: node " + node.id() + " uses an address that is taken");
      }
    }
    if (nodes.stream().noneMatch(node -> node.id() == id)) {
      faults.add("node.id is " + id + ", which cluster.nodes does not name");
    }
    if (batchBytesMax < 1 << 10 || batchBytesMax > raft.entryBytesMax() - ENTRY_OVERHEAD) {
      faults.add("batch.max-bytes must be 1KiB to 64KiB less than raft.entry-bytes-max");
    }
    faults.addAll(grpc.validate());
    faults.addAll(raft.validate());
    faults.addAll(partitions.validate());
    faults.addAll(topics.validate());
    faults.addAll(memory.validate());
    faults.addAll(disk.validate());
    faults.addAll(http.validate());
    faults.addAll(groups.validate());
    faults.addAll(metrics.validate());
    faults.addAll(tracing.validate());
    return faults;
  }
}
