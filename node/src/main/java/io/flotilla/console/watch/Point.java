package io.flotilla.console.watch;

/**
 * Numbers of one moment.
 *
 * @param atMs when, in milliseconds since 1970
 * @param published events a second
 * @param consumed events a second that groups commit
 * @param lagMs of the group that is furthest behind
 * @param unwell partitions that lack a leader or a replica
 */
public record Point(long atMs, double published, double consumed, long lagMs, long unwell) {}
