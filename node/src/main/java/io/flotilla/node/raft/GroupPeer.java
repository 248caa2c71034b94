package io.flotilla.node.raft;

/**
 * A member of a Raft group.
 *
 * @param peerId nodeId.incarnation
 * @param host where its peer port is reached
 * @param raftPort its peer port
 */
public record GroupPeer(String peerId, String host, int raftPort) {}
