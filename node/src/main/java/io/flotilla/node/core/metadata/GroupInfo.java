package io.flotilla.node.core.metadata;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import java.util.List;

/**
 * A Raft group that carries partitions, one or several. Immutable.
 *
 * @param peers its members as nodeId.incarnation; the first is the preferred leader
 * @param founders its members when it was made: only they may begin its log, all others join and
 *     are given it
 * @param leaderNode who last reported to lead it; 0 = nobody yet. A hint, never a proof
 * @param leaderTerm the Raft term of that report
 * @param leaderWanted the preferred leader was asked for, and has not reported to lead since
 */
public record GroupInfo(
    long group,
    List<String> peers,
    List<String> founders,
    List<PartitionId> partitions,
    int leaderNode,
    long leaderTerm,
    boolean leaderWanted) {

  public GroupInfo {
    peers = List.copyOf(peers);
    founders = List.copyOf(founders);
    partitions = List.copyOf(partitions);
  }

  /** A group with the members that it was made with. */
  public GroupInfo(
      long group,
      List<String> peers,
      List<PartitionId> partitions,
      int leaderNode,
      long leaderTerm) {
    this(group, peers, peers, partitions, leaderNode, leaderTerm, false);
  }

  /** The node that is to lead when it can. */
  public int preferredNode() {
    return nodeId(peers.get(0));
  }

  /** The members' node ids, in the order of the peers. */
  public List<Integer> nodeIds() {
    return peers.stream().map(GroupInfo::nodeId).toList();
  }

  /**
   * The member on a node.
   *
   * @throws FlotillaException when the node has none
   */
  public String peerOn(int nodeId) {
    return peers.stream()
        .filter(peer -> nodeId(peer) == nodeId)
        .findFirst()
        .orElseThrow(
            () ->
                FlotillaException.invalid(
                    "node_id is " + nodeId + "; replicas are on the nodes " + nodeIds()));
  }

  /**
   * The node id of a peer name.
   *
   * @throws IllegalArgumentException when it is not nodeId.incarnation
   */
  static int nodeId(String peer) {
    int dot = peer.indexOf('.');
    if (dot < 1 || dot == peer.length() - 1) {
      throw new IllegalArgumentException("peer \"" + peer + "\" is not nodeId.incarnation");
    }
    int nodeId = Integer.parseInt(peer.substring(0, dot));
    if (nodeId < 1) {
      throw new IllegalArgumentException("peer \"" + peer + "\" has a node id below 1");
    }
    return nodeId;
  }
}
