package io.flotilla.node.raft;

/**
 * A group's replica on this node, at one moment.
 *
 * @param role its Raft role
 * @param ready it leads and may serve
 * @param term its term
 * @param appliedIndex the Raft index up to which it has applied
 * @param leaderPeer the leader's peer id as far as it knows; empty = none
 */
public record GroupStatus(
    Role role, boolean ready, long term, long appliedIndex, String leaderPeer) {

  /** Raft's roles, joining (open here, but no member yet), and closed. */
  public enum Role {
    LEADER,
    FOLLOWER,
    CANDIDATE,
    JOINING,
    CLOSED
  }

  static final GroupStatus CLOSED = new GroupStatus(Role.CLOSED, false, 0, 0, "");
}
