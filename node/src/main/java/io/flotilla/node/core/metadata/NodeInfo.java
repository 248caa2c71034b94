package io.flotilla.node.core.metadata;

/**
 * A node as it last registered. Immutable.
 *
 * @param nodeId its configured id, at least 1
 * @param incarnation changes when its disk was wiped
 * @param host where clients and peers reach it
 * @param rack where it stands; empty when unknown
 */
public record NodeInfo(
    int nodeId,
    String incarnation,
    String host,
    int grpcPort,
    int raftPort,
    String rack,
    String version) {

  /** Its name in Raft groups. */
  public String peerId() {
    return nodeId + "." + incarnation;
  }
}
