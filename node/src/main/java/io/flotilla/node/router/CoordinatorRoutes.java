package io.flotilla.node.router;

import io.flotilla.node.controller.Controller;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who coordinates a consumer group; its coordinator is made when it is first needed. Safe. */
public final class CoordinatorRoutes {

  private static final int REPLICAS = 3;
  private static final Duration MAKING_MAX = Duration.ofSeconds(10);

  private final Router router;
  private final Controller controller;
  private final NodeAddresses addresses;
  private final PeerChannels channels;

  public CoordinatorRoutes(
      Router router, Controller controller, NodeAddresses addresses, PeerChannels channels) {
    this.channels = channels;
    this.router = router;
    this.controller = controller;
    this.addresses = addresses;
  }

  /** Whether a coordinator has been made, also if this node has not heard of it yet. */
  public CompletableFuture<Boolean> isMade(long coordinator) {
    return isKnown(coordinator)
        ? CompletableFuture.completedFuture(true)
        : router.catchUp().handle((done, fault) -> isMade(coordinator, fault));
  }

  private boolean isMade(long coordinator, @Nullable Throwable fault) {
    boolean known = isKnown(coordinator);
    if (!known && fault != null) {
      // To say no would be to say that its groups have committed nothing.
      throw FlotillaException.notLeader(
          "whether coordinator " + coordinator + " is made is not known here yet", null);
    }
    return known;
  }

  private boolean isKnown(long coordinator) {
    return router.image().groups().containsKey(coordinator);
  }

  /** The leader of a coordinator. */
  public Route leaderOf(long coordinator) {
    GroupInfo group = router.image().groups().get(coordinator);
    return group == null
        ? new Route.Nowhere("coordinator " + coordinator + " is not made yet")
        : router.leaderOf(group, "coordinator " + coordinator, () -> true);
  }

  /** A connection to a node for a member's session. */
  public ManagedChannel sessionChannel(int node, String sessionToken) {
    NodeInfo info = addresses.of(node);
    if (info == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_NODE_UNREACHABLE, "node " + node + " is not known here");
    }
    return channels.forSession(info.host(), info.grpcPort(), sessionToken);
  }

  /** Makes the coordinator of a consumer group; completes at once when there is one. */
  public CompletableFuture<Void> make(String consumerGroup) {
    long coordinator = Coordinators.of(consumerGroup);
    if (isKnown(coordinator)) {
      return CompletableFuture.completedFuture(null);
    }
    MetadataImage image = router.image();
    int expected = Math.min(REPLICAS, addresses.configured().size());
    if (image.nodes().size() < expected) {
      // It keeps its replicas for ever: not on fewer nodes than it could have.
      return CompletableFuture.failedFuture(
          FlotillaException.notLeader(
              "coordinator " + coordinator + " waits for " + expected + " nodes to register",
              null));
    }
    return router
        .propose(controller.coordinatorCommand(coordinator), MAKING_MAX)
        .thenApply(done -> null);
  }
}
