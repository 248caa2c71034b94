package io.flotilla.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An offset that was asked for.
 *
 * @param partition the partition
 * @param offset null when no event is at or after the time asked for
 * @param timestamp of the event found by time; null otherwise
 */
public record PartitionOffsetInfo(
    int partition, @Nullable Long offset, @Nullable Instant timestamp) {}
