package io.flotilla.client;

/** What becomes of a topic's old events. */
public enum Cleanup {
  /** They go by retention time and size. */
  DELETE,
  /** They go when their key has a newer one; the last event of each key stays. */
  COMPACT,
  /** Either. */
  BOTH
}
