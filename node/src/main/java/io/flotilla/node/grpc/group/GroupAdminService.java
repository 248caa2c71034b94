package io.flotilla.node.grpc.group;

import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.PageToken;
import io.flotilla.node.grpc.call.UnaryAnswer;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.GroupPicture;
import io.flotilla.proto.internal.v1.ReadGroupsRequest;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.DeleteGroup;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.ConsumerGroup;
import io.flotilla.proto.v1.DeleteGroupRequest;
import io.flotilla.proto.v1.DeleteGroupResponse;
import io.flotilla.proto.v1.DescribeGroupRequest;
import io.flotilla.proto.v1.DescribeGroupResponse;
import io.flotilla.proto.v1.GroupAdminServiceGrpc;
import io.flotilla.proto.v1.ListGroupsRequest;
import io.flotilla.proto.v1.ListGroupsResponse;
import io.flotilla.proto.v1.ResetGroupRequest;
import io.flotilla.proto.v1.ResetGroupResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door for who manages consumer groups. Runs on flotilla-call; safe. */
public final class GroupAdminService extends GroupAdminServiceGrpc.GroupAdminServiceImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(GroupAdminService.class);

  private final GroupCalls calls;
  private final GroupDescriber describer;
  private final GroupReset reset;
  private final CallThreads threads;

  public GroupAdminService(
      Router router, GroupCalls calls, GroupCursors cursors, CallThreads threads) {
    this.calls = calls;
    this.describer = new GroupDescriber(router, calls, cursors);
    this.reset = new GroupReset(router, calls, cursors, threads);
    this.threads = threads;
  }

  @Override
  public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> observer) {
    int size = PageToken.size(request.getPageSize());
    String after = PageToken.name(request.getPageToken());
    CallScope scope = CallScope.current();
    List<ConsumerGroup> found = new ArrayList<>();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (long i = 0; i < Coordinators.COUNT; i++) {
      ReadGroupsRequest read =
          ReadGroupsRequest.newBuilder()
              .setCoordinator(Coordinators.FIRST + i)
              .setAfter(after)
              .setPrefix(request.getPrefix())
              .setLimit(size + 1)
              .build();
      all = all.thenCombine(calls.read(read, scope), (done, groups) -> add(found, groups));
    }
    UnaryAnswer.answer(observer, all.thenApply(done -> page(found, size)), scope, threads);
  }

  private Void add(List<ConsumerGroup> found, List<GroupPicture> groups) {
    groups.forEach(picture -> found.add(describer.brief(picture)));
    return null;
  }

  private static ListGroupsResponse page(List<ConsumerGroup> found, int size) {
    found.sort(Comparator.comparing(ConsumerGroup::getName));
    List<ConsumerGroup> page = found.subList(0, Math.min(size, found.size()));
    ListGroupsResponse.Builder response = ListGroupsResponse.newBuilder().addAllGroups(page);
    if (found.size() > size) {
      response.setNextPageToken(PageToken.behind(page.get(size - 1).getName()));
    }
    return response.build();
  }

  @Override
  public void describeGroup(
      DescribeGroupRequest request, StreamObserver<DescribeGroupResponse> observer) {
    JoinChecks.group(request.getGroup());
    CallScope scope = CallScope.current();
    var answer =
        describer
            .describe(request.getGroup(), scope)
            .thenApply(group -> DescribeGroupResponse.newBuilder().setGroup(group).build());
    UnaryAnswer.answer(observer, answer, scope, threads);
  }

  @Override
  public void resetGroup(ResetGroupRequest request, StreamObserver<ResetGroupResponse> observer) {
    CallScope scope = CallScope.current();
    UnaryAnswer.answer(observer, reset.run(request, scope), scope, threads);
  }

  @Override
  public void deleteGroup(
      DeleteGroupRequest request, StreamObserver<DeleteGroupResponse> observer) {
    String group = request.getGroup();
    JoinChecks.group(group);
    CallScope scope = CallScope.current();
    CompletableFuture<?> done =
        request.getValidateOnly()
            ? calls.read(group, false, scope).thenAccept(GroupAdminService::demandEmpty)
            : delete(group, scope);
    UnaryAnswer.answer(
        observer, done.thenApply(any -> DeleteGroupResponse.getDefaultInstance()), scope, threads);
  }

  private CompletableFuture<?> delete(String group, CallScope scope) {
    ConsumerGroupCommand command =
        ConsumerGroupCommand.newBuilder()
            .setGroup(group)
            .setDelete(DeleteGroup.getDefaultInstance())
            .build();
    return calls
        .read(group, false, scope)
        .thenCompose(found -> calls.propose(command, scope))
        .thenAccept(done -> LOG.info("consumer group deleted by request consumerGroup={}", group));
  }

  static void demandEmpty(GroupPicture picture) {
    if (picture.getMemberCount() > 0) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_GROUP_NOT_EMPTY,
          "the consumer group has " + picture.getMemberCount() + " members");
    }
  }
}
