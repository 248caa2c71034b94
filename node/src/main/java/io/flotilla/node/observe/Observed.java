package io.flotilla.node.observe;

import io.flotilla.node.config.NodeConfig;
import io.flotilla.node.coordinator.CoordinatorSet;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.disk.DiskStatus;
import io.flotilla.node.grpc.verify.Scrubber;
import io.flotilla.node.partition.PartitionSet;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.store.Store;
import java.util.function.Supplier;

/** Everything of a node that has something to tell. Immutable. */
public record Observed(
    NodeConfig config,
    Supplier<MetadataImage> images,
    Supplier<DiskStatus> disk,
    Store store,
    RaftHost raft,
    PartitionSet partitions,
    CoordinatorSet coordinators,
    Scrubber scrubber,
    LeaderChanges leaderChanges) {}
