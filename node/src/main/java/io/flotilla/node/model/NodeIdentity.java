package io.flotilla.node.model;

import java.util.List;

/**
 * Who a node is. The incarnation is drawn at random when its disk is first used, so that a node
 * whose disk was replaced is a new Raft peer and can never vote under its old name.
 *
 * @param nodeId configured, 1 to 2,147,483,647
 * @param incarnation eight hexadecimal digits
 * @param clusterId empty until the cluster is formed
 * @param founders the peers that formed the cluster, as nodeId.incarnation; empty until then
 */
public record NodeIdentity(
    int nodeId, String incarnation, String clusterId, List<String> founders) {

  /** The name under which the node takes part in Raft groups. */
  public String peerId() {
    return nodeId + "." + incarnation;
  }

  public boolean formed() {
    return !clusterId.isEmpty();
  }

  /** It helped to form the cluster. Otherwise it came later, with a new disk, and is let in. */
  public boolean founder() {
    return founders.contains(peerId());
  }

  /** The same node, on a new disk. */
  public NodeIdentity withIncarnation(String other) {
    return new NodeIdentity(nodeId, other, clusterId, founders);
  }

  public static int nodeIdOf(String peerId) {
    return Integer.parseInt(peerId.substring(0, peerId.indexOf('.')));
  }
}
