package io.flotilla.client.toy;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.ConsumerGroup;
import io.flotilla.proto.v1.DeleteGroupRequest;
import io.flotilla.proto.v1.DeleteGroupResponse;
import io.flotilla.proto.v1.DescribeGroupRequest;
import io.flotilla.proto.v1.DescribeGroupResponse;
import io.flotilla.proto.v1.GroupAdminServiceGrpc;
import io.flotilla.proto.v1.GroupChange;
import io.flotilla.proto.v1.GroupMember;
import io.flotilla.proto.v1.GroupPartition;
import io.flotilla.proto.v1.GroupState;
import io.flotilla.proto.v1.ListGroupsRequest;
import io.flotilla.proto.v1.ListGroupsResponse;
import io.flotilla.proto.v1.ResetGroupRequest;
import io.flotilla.proto.v1.ResetGroupResponse;
import io.flotilla.proto.v1.ResetPartition;
import io.flotilla.proto.v1.Topic;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Groups from the outside, listed one a page. */
final class ToyGroupAdminService extends GroupAdminServiceGrpc.GroupAdminServiceImplBase {

  private final ToyCluster cluster;

  ToyGroupAdminService(ToyCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> observer) {
    List<String> rest =
        new TreeMap<>(cluster.groups)
            .tailMap(request.getPageToken(), false).keySet().stream()
                .filter(name -> name.startsWith(request.getPrefix()))
                .toList();
    ListGroupsResponse.Builder page = ListGroupsResponse.newBuilder();
    if (!rest.isEmpty()) {
      page.addGroups(summary(rest.get(0)).build());
      page.setNextPageToken(rest.size() > 1 ? rest.get(0) : "");
    }
    observer.onNext(page.build());
    observer.onCompleted();
  }

  private ConsumerGroup.Builder summary(String name) {
    int members = cluster.group(name).memberIds().size();
    return ConsumerGroup.newBuilder()
        .setName(name)
        .setState(members == 0 ? GroupState.GROUP_STATE_EMPTY : GroupState.GROUP_STATE_STABLE)
        .setMemberCount(members)
        .setCreatedUnixMs(1_000)
        .setCoordinatorNode(1);
  }

  /** The group; null when it was refused. */
  private @Nullable ToyGroup find(String name, boolean empty, StreamObserver<?> observer) {
    ToyGroup group = cluster.groups.get(name);
    if (group == null) {
      observer.onError(ToyNode.status(ErrorReason.ERROR_REASON_GROUP_NOT_FOUND, "no group"));
      return null;
    }
    if (empty && !group.memberIds().isEmpty()) {
      observer.onError(ToyNode.status(ErrorReason.ERROR_REASON_GROUP_NOT_EMPTY, "has members"));
      return null;
    }
    return group;
  }

  @Override
  public void describeGroup(
      DescribeGroupRequest request, StreamObserver<DescribeGroupResponse> observer) {
    ToyGroup group = find(request.getGroup(), false, observer);
    if (group == null) {
      return;
    }
    ConsumerGroup.Builder full = summary(request.getGroup());
    group.memberIds().forEach(id -> full.addMembers(GroupMember.newBuilder().setMemberId(id)));
    Map<ToyGroup.Part, String> owners = group.assignment();
    group.committed.forEach(
        (part, offset) ->
            full.addPartitions(partition(part, offset).setMemberId(owners.getOrDefault(part, ""))));
    full.addChanges(GroupChange.newBuilder().setGeneration(1).setUnixMs(5).setWhat("a joined"));
    observer.onNext(DescribeGroupResponse.newBuilder().setGroup(full).build());
    observer.onCompleted();
  }

  private GroupPartition.Builder partition(ToyGroup.Part part, long committed) {
    ToyLog log = cluster.log(part.topic(), part.partition());
    long end = log == null ? committed : log.end();
    return GroupPartition.newBuilder()
        .setTopic(part.topic())
        .setPartition(part.partition())
        .setCommittedOffset(committed)
        .setCommittedUnixMs(2_000)
        .setEndOffset(end)
        .setLagEvents(end - committed)
        .setCatchUpMs(-1);
  }

  @Override
  public void resetGroup(ResetGroupRequest request, StreamObserver<ResetGroupResponse> observer) {
    ToyGroup group = find(request.getGroup(), true, observer);
    Topic topic = cluster.topics.get(request.getTopic());
    if (group == null || topic == null) {
      return;
    }
    ResetGroupResponse.Builder answer = ResetGroupResponse.newBuilder();
    for (int p = 0; p < topic.getPartitionCount(); p++) {
      ToyGroup.Part part = new ToyGroup.Part(topic.getName(), topic.getTopicId(), p);
      ToyLog log = cluster.logs(topic).get(p);
      long to = request.getTo().getFrom() == StartFrom.START_FROM_LATEST ? log.end() : log.start();
      ResetPartition.Builder moved = ResetPartition.newBuilder().setPartition(p).setNewOffset(to);
      Long old = group.committed.get(part);
      if (old != null) {
        moved.setOldOffset(old);
      }
      if (!request.getValidateOnly()) {
        group.committed.put(part, to);
      }
      answer.addPartitions(moved);
    }
    observer.onNext(answer.build());
    observer.onCompleted();
  }

  @Override
  public void deleteGroup(
      DeleteGroupRequest request, StreamObserver<DeleteGroupResponse> observer) {
    if (find(request.getGroup(), true, observer) != null) {
      if (!request.getValidateOnly()) {
        cluster.groups.remove(request.getGroup());
      }
      observer.onNext(DeleteGroupResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }
}
