package io.flotilla.node.partition;

/**
 * A batch is on the disks of a majority and applied.
 *
 * @param firstOffset offset of its first event
 * @param appendTimeMs when the leader appended it (first), in milliseconds since 1970
 * @param duplicate it had been appended before
 */
public record Appended(long firstOffset, long appendTimeMs, boolean duplicate) {}
