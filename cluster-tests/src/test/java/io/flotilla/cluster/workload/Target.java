package io.flotilla.cluster.workload;

/**
 * What clients work on.
 *
 * @param topic its name
 * @param partitions how many it has
 * @param pauseMillis how long each client waits between two steps
 */
public record Target(String topic, int partitions, long pauseMillis) {}
