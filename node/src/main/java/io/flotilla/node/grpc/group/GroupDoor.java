package io.flotilla.node.grpc.group;

import io.flotilla.node.coordinator.CoordinatorSet;
import io.flotilla.node.coordinator.GroupTime;
import io.flotilla.node.partition.PartitionSet;
import io.flotilla.node.router.CoordinatorRoutes;
import java.time.Duration;

/**
 * What the services of consumer groups reach below. Immutable.
 *
 * @param coordinators those on this node
 * @param routes the way to those elsewhere
 * @param partitions those on this node
 * @param offsetRetention how long offsets stay that nobody asks for
 * @param time what offsets are forgotten by
 */
public record GroupDoor(
    CoordinatorSet coordinators,
    CoordinatorRoutes routes,
    PartitionSet partitions,
    Duration offsetRetention,
    GroupTime time) {}
