package io.flotilla.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer group has committed in a partition.
 *
 * @param partition the partition's number
 * @param offset the next event to process; null: nothing is committed
 * @param committed when; null: nothing is
 */
public record CommittedOffset(int partition, @Nullable Long offset, @Nullable Instant committed) {}
