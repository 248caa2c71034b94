package io.flotilla.node.router;

/** A producer's identity: an id never used for another, and its epoch. */
public record ProducerIdentity(long id, int epoch) {}
