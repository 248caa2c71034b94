package io.flotilla.client.internal;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupReset;
import io.flotilla.client.StartPosition;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.v1.DeleteGroupRequest;
import io.flotilla.proto.v1.DescribeGroupRequest;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.FetchOffsetsResponse;
import io.flotilla.proto.v1.GroupAdminServiceGrpc;
import io.flotilla.proto.v1.GroupAdminServiceGrpc.GroupAdminServiceBlockingStub;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.ListGroupsRequest;
import io.flotilla.proto.v1.ListGroupsResponse;
import io.flotilla.proto.v1.ResetGroupRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What {@link AdminCalls} does about consumer groups. Safe for many threads. */
final class GroupAdminCalls {

  private static final int PAGE_SIZE = 1_000;

  private final Unary unary;
  private final FetchStreams streams;
  private final Duration timeout;

  GroupAdminCalls(Unary unary, FetchStreams streams, Duration timeout) {
    this.unary = unary;
    this.streams = streams;
    this.timeout = timeout;
  }

  List<GroupDescription> list(String prefix) {
    List<GroupDescription> groups = new ArrayList<>();
    String token = "";
    do {
      ListGroupsRequest request =
          ListGroupsRequest.newBuilder()
              .setPageSize(PAGE_SIZE)
              .setPageToken(token)
              .setPrefix(prefix)
              .build();
      ListGroupsResponse page = call(stub -> stub.listGroups(request), Unary.Repeat.READ);
      page.getGroupsList().forEach(group -> groups.add(GroupWire.group(group)));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return groups;
  }

  GroupDescription describe(String group) {
    DescribeGroupRequest request = DescribeGroupRequest.newBuilder().setGroup(group).build();
    return GroupWire.group(call(stub -> stub.describeGroup(request), Unary.Repeat.READ).getGroup());
  }

  List<GroupReset> reset(
      String group, String topic, List<Integer> partitions, StartPosition to, boolean dryRun) {
    ResetGroupRequest request =
        ResetGroupRequest.newBuilder()
            .setGroup(group)
            .setTopic(topic)
            .addAllPartitions(partitions)
            .setTo(Wire.position(to))
            .setValidateOnly(dryRun)
            .build();
    return call(stub -> stub.resetGroup(request), Unary.Repeat.IDEMPOTENT)
        .getPartitionsList()
        .stream()
        .map(GroupWire::reset)
        .toList();
  }

  void delete(String group, boolean dryRun) {
    DeleteGroupRequest request =
        DeleteGroupRequest.newBuilder().setGroup(group).setValidateOnly(dryRun).build();
    var unused =
        call(stub -> stub.deleteGroup(request), dryRun ? Unary.Repeat.READ : Unary.Repeat.ONCE);
  }

  void commit(String group, Map<TopicPartition, Long> offsets) {
    List<GroupCommits.Item> items =
        offsets.entrySet().stream()
            .map(each -> new GroupCommits.Item(each.getKey(), 0, 0, each.getValue()))
            .toList();
    GroupCommits commits = new GroupCommits(group, streams);
    GroupCommits.await(commits.commit(items, timeout, (item, offset) -> {}), timeout);
  }

  List<CommittedOffset> committed(String group, String topic) {
    FetchOffsetsRequest request =
        FetchOffsetsRequest.newBuilder().setGroup(group).setTopic(topic).build();
    FetchOffsetsResponse answer =
        unary.call(
            GroupConsumerServiceGrpc::newBlockingStub,
            stub -> stub.fetchOffsets(request),
            Unary.Repeat.READ,
            timeout);
    return answer.getOffsetsList().stream().map(GroupWire::committed).toList();
  }

  private <T> T call(Function<GroupAdminServiceBlockingStub, T> request, Unary.Repeat repeat) {
    return unary.call(GroupAdminServiceGrpc::newBlockingStub, request, repeat, timeout);
  }
}
