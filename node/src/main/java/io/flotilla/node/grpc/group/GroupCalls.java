package io.flotilla.node.grpc.group;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.grpc.call.Retrying;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.router.CoordinatorRoutes;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.CoordinatorServiceGrpc;
import io.flotilla.proto.internal.v1.CoordinatorServiceGrpc.CoordinatorServiceFutureStub;
import io.flotilla.proto.internal.v1.GroupPicture;
import io.flotilla.proto.internal.v1.ProposeGroupRequest;
import io.flotilla.proto.internal.v1.ProposeGroupResponse;
import io.flotilla.proto.internal.v1.ReadGroupsRequest;
import io.flotilla.proto.internal.v1.ReadGroupsResponse;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Asks the leaders of coordinators, again while time is left. Safe; no thread waits. */
public final class GroupCalls {

  private final Router router;
  private final CoordinatorRoutes routes;
  private final Executor executor;

  public GroupCalls(Router router, CoordinatorRoutes routes, Executor executor) {
    this.router = router;
    this.routes = routes;
    this.executor = executor;
  }

  /** Runs a command that may be repeated. */
  CompletableFuture<ConsumerGroupOutcome> propose(ConsumerGroupCommand command, CallScope scope) {
    ProposeGroupRequest request =
        ProposeGroupRequest.newBuilder().setCommand(command.toByteString()).build();
    return ask(Coordinators.of(command.getGroup()), scope, stub -> stub.proposeGroup(request))
        .thenApply(GroupCalls::outcome);
  }

  private static ConsumerGroupOutcome outcome(ProposeGroupResponse response) {
    try {
      return ConsumerGroupOutcome.parseFrom(response.getOutcome());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("unreadable outcome of a consumer group's command", e);
    }
  }

  /** Makes the coordinator of a consumer group, if there is none. */
  CompletableFuture<Void> make(String group, CallScope scope) {
    return new Retrying(scope, true, executor).run(() -> routes.make(group));
  }

  /** A consumer group; GROUP_NOT_FOUND when there is none. */
  CompletableFuture<GroupPicture> read(String group, boolean members, CallScope scope) {
    return read(
            ReadGroupsRequest.newBuilder()
                .setCoordinator(Coordinators.of(group))
                .addNames(group)
                .setMembers(members)
                .build(),
            scope)
        .thenApply(
            groups -> {
              if (groups.isEmpty()) {
                throw notFound(group);
              }
              return groups.get(0);
            });
  }

  static FlotillaException notFound(String group) {
    return new FlotillaException(
        ErrorReason.ERROR_REASON_GROUP_NOT_FOUND, "there is no consumer group \"" + group + "\"");
  }

  /** Consumer groups of a coordinator, by name. */
  CompletableFuture<List<GroupPicture>> read(ReadGroupsRequest request, CallScope scope) {
    return routes
        .isMade(request.getCoordinator())
        .thenCompose(
            made ->
                made
                    ? ask(request.getCoordinator(), scope, stub -> stub.readGroups(request))
                        .thenApply(ReadGroupsResponse::getGroupsList)
                    : CompletableFuture.completedFuture(List.of()));
  }

  /** The node that leads a coordinator, as far as this one knows; 0 = none known. */
  int leaderOf(long coordinator) {
    Route route = routes.leaderOf(coordinator);
    if (route instanceof Route.Here) {
      return router.nodeId();
    }
    return route instanceof Route.There there ? there.leader().nodeId() : 0;
  }

  private <T> CompletableFuture<T> ask(
      long coordinator,
      CallScope scope,
      Function<CoordinatorServiceFutureStub, ListenableFuture<T>> call) {
    return new Retrying(scope, true, executor)
        .run(
            () -> {
              int node = leaderOf(coordinator);
              if (node == 0) {
                return CompletableFuture.failedFuture(
                    FlotillaException.notLeader(
                        "coordinator " + coordinator + " has no leader at the moment", null));
              }
              var stub = CoordinatorServiceGrpc.newFutureStub(router.channel(node));
              return PeerCalls.future(call.apply(scope.toPeer(stub)));
            });
  }
}
