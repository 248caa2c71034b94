package io.flotilla.node.raft;

/** Hears of this node's roles, on Ratis threads that must not be held: hand off. */
public interface RaftListener {

  /** This node leads the group and may serve: it has applied an entry of its own term. */
  void leaderReady(long group, long term);

  /** The group's leader is another one, or none, as far as this node knows. */
  void leaderChanged(long group);

  /** A fault after which this process must not go on: the log could not be written, say. */
  void fatal(String what, Throwable cause);

  /**
   * The group's rows are about to be replaced by newer ones: who reads them lets go before this
   * returns. May block, not for long.
   */
  default void rebuilding(long group) {}

  /** That is over, well or not: what is in the store is valid. */
  default void rebuilt(long group) {}
}
