package io.flotilla.node.model;

/**
 * A leader as somebody outside may find it.
 *
 * @param nodeId the node's configured id, at least 1
 * @param host host of its client port, as advertised
 * @param port its client port
 * @param term the Raft term in which it leads
 */
public record Leader(int nodeId, String host, int port, long term) {}
