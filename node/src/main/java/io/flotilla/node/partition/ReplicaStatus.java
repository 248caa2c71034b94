package io.flotilla.node.partition;

import io.flotilla.node.model.PartitionId;

/**
 * A partition's replica on this node, at one moment.
 *
 * @param term its Raft group's term
 * @param logStartOffset the first offset kept
 * @param highWatermark the first offset not yet readable here
 * @param appliedIndex the Raft index its group has applied
 */
public record ReplicaStatus(
    PartitionId partition,
    ReplicaState state,
    long term,
    long logStartOffset,
    long highWatermark,
    long appliedIndex) {}
