package io.flotilla.node.raft;

/**
 * A group whose replica here must not vote any more: its disk does not hold what it had confirmed.
 *
 * @param what what was expected, and what was found
 */
public record DamagedGroup(long group, String what) {}
