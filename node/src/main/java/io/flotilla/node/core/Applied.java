package io.flotilla.node.core;

/** Where in the Raft log a command stands. Index 0 is before the first entry. */
public record Applied(long term, long index) {
  public static final Applied NONE = new Applied(0, 0);
}
