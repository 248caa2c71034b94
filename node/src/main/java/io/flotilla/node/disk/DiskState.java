package io.flotilla.node.disk;

/** How full a node's disk is. */
public enum DiskState {
  /** Enough is free. */
  NORMAL,
  /** Little is free: free some, or shorten retention, before writes are refused. */
  WARN,
  /** Writes are refused until space is free again; reading, deleting and retention go on. */
  FULL
}
