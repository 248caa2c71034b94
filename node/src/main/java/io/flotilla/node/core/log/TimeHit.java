package io.flotilla.node.core.log;

/** An event found by its time: where it is, and its own timestamp. */
public record TimeHit(long offset, long timestampMs) {}
