package io.flotilla.node.raft;

/**
 * A follower as its leader, on this node, sees it.
 *
 * @param peer its peer id
 * @param heardMs how long ago it answered last, in milliseconds
 * @param behindEntries entries that were applied here and that it has not confirmed
 */
public record Follower(String peer, long heardMs, long behindEntries) {}
