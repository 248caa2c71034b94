package io.flotilla.node.grpc.group;

import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.router.CoordinatorRoutes;
import io.flotilla.node.router.Router;
import io.flotilla.node.trace.Traces;

/** What every member's stream needs of its node. Immutable. */
public record GroupContext(
    Router router,
    CoordinatorRoutes routes,
    GroupCursors cursors,
    BatchLimits limits,
    GrpcConfig config,
    CallThreads threads,
    OpenStreams streams,
    Traces traces) {}
