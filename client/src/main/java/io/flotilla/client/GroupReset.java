package io.flotilla.client;

import org.jspecify.annotations.Nullable;

/**
 * Where a consumer group was moved in a partition, or would be.
 *
 * @param partition the partition's number
 * @param oldOffset where it was; null: nothing was committed
 * @param newOffset where it is, or would be
 */
public record GroupReset(int partition, @Nullable Long oldOffset, long newOffset) {}
