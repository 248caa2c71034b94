package io.flotilla.client;

/** How the partitions of a group are shared out; what most of its members want is done. */
public enum Assignor {
  /** Evenly, over all topics, and nothing moves that need not. */
  STICKY,
  /** Topic by topic: the same numbers of several topics meet in one member. */
  RANGE,
  /** As sticky, but among equally even ways the one where members have replicas in their rack. */
  RACK_AWARE
}
