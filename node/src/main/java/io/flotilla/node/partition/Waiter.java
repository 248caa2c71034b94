package io.flotilla.node.partition;

/** A registration that may be taken back. */
@FunctionalInterface
public interface Waiter {
  /** Forgets the signal; it may be under way already. */
  void cancel();
}
