package io.flotilla.node.partition;

/** What a replica is at the moment. */
public enum ReplicaState {
  LEADER,
  FOLLOWER,
  CANDIDATE,
  JOINING,
  DAMAGED,
  CLOSED
}
