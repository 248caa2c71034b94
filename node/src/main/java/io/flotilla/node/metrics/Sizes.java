package io.flotilla.node.metrics;

/** Takes how many there were. Safe, and cheap enough for each batch. */
@FunctionalInterface
public interface Sizes {

  void record(double number);
}
