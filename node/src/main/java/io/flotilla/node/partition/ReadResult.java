package io.flotilla.node.partition;

import io.flotilla.proto.types.v1.StoredBatch;
import java.util.List;

/**
 * What a read found.
 *
 * @param batches stored batches in order; the first may begin before the offset asked for
 * @param nextOffset where to go on
 * @param highWatermark the first offset not yet readable here; logStartOffset ≤ highWatermark
 * @param logStartOffset the first offset kept
 */
public record ReadResult(
    List<StoredBatch> batches, long nextOffset, long highWatermark, long logStartOffset) {}
