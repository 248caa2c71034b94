package io.flotilla.node.router;

import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.core.metadata.NodeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where nodes are: as they registered, or until then as the configuration says. Safe. */
public final class NodeAddresses {

  private final MetadataImages images;
  private final List<ClusterNode> configured;

  public NodeAddresses(MetadataImages images, List<ClusterNode> configured) {
    this.images = images;
    this.configured = configured;
  }

  /** The ids of the configured nodes. */
  List<Integer> configured() {
    return configured.stream().map(ClusterNode::id).toList();
  }

  @Nullable NodeInfo of(int nodeId) {
    NodeInfo registered = images.get().nodes().get(nodeId);
    if (registered != null) {
      return registered;
    }
    return configured.stream()
        .filter(node -> node.id() == nodeId)
        .map(n -> new NodeInfo(n.id(), "", n.host(), n.grpcPort(), n.raftPort(), "", ""))
        .findFirst()
        .orElse(null);
  }
}
