package io.flotilla.cluster.check;

/** An event at its place: as a reader received it, or as a replica holds it. */
public record Seen(int partition, long offset, String value) {}
