package io.flotilla.console.page;

import io.flotilla.client.NodeDescription;
import io.flotilla.console.watch.Sample;
import java.util.List;
import java.util.Locale;

/** A node in a list. */
record NodeRow(
    int id,
    String address,
    boolean up,
    int leaders,
    int replicas,
    String disk,
    long diskFree,
    long diskTotal,
    String version,
    String rack,
    boolean metadataLeader) {

  static List<NodeRow> all(Sample sample) {
    return sample.cluster().nodes().stream().map(node -> of(node, sample)).toList();
  }

  private static NodeRow of(NodeDescription node, Sample sample) {
    return new NodeRow(
        node.nodeId(),
        node.host() + ":" + node.port(),
        Sample.up(node),
        node.leaderCount(),
        node.replicaCount(),
        node.diskState().name().toLowerCase(Locale.ROOT),
        node.diskFreeBytes(),
        node.diskTotalBytes(),
        node.version(),
        node.rack(),
        node.nodeId() == sample.cluster().metadataLeader());
  }
}
