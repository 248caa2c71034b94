package io.flotilla.client.internal;

import io.flotilla.client.Admin;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.CommittedOffset;
import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupReset;
import io.flotilla.client.LeaderMove;
import io.flotilla.client.NewTopic;
import io.flotilla.client.PartitionOffsetInfo;
import io.flotilla.client.PartitionVerification;
import io.flotilla.client.StartPosition;
import io.flotilla.client.TopicChange;
import io.flotilla.client.TopicDescription;
import io.flotilla.client.TopicPartition;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.flotilla.proto.v1.AlterTopicRequest;
import io.flotilla.proto.v1.ClusterServiceGrpc;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.ListOffsetsResponse;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.ListTopicsResponse;
import io.flotilla.proto.v1.MoveLeaderRequest;
import io.flotilla.proto.v1.MoveLeaderResponse;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.TrimPartitionRequest;
import io.flotilla.proto.v1.VerifyPartitionRequest;
import io.flotilla.proto.v1.VerifyPartitionResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** {@link Admin} over unary calls in the caller's thread. Safe for many threads. */
final class AdminCalls implements Admin {

  private static final int PAGE_SIZE = 1_000;

  private final Unary unary;
  private final Topology topology;
  private final Duration timeout;
  private final GroupAdminCalls groups;

  AdminCalls(Unary unary, FetchStreams streams, Duration timeout) {
    this.unary = unary;
    this.topology = streams.topology();
    this.timeout = timeout;
    this.groups = new GroupAdminCalls(unary, streams, timeout);
  }

  Duration timeout() {
    return timeout;
  }

  @Override
  public TopicDescription createTopic(NewTopic topic) {
    String id = topic.requestId().isEmpty() ? UUID.randomUUID().toString() : topic.requestId();
    CreateTopicRequest request =
        CreateTopicRequest.newBuilder()
            .setTopic(topic.name())
            .setPartitions(topic.partitions())
            .setReplicationFactor(topic.replicationFactor())
            .setValidateOnly(topic.validateOnly())
            .setRequestId(id)
            .setSettings(SettingsWire.write(topic.settings()))
            .build();
    return Wire.topic(admin(stub -> stub.createTopic(request), Unary.Repeat.IDEMPOTENT).getTopic());
  }

  @Override
  public List<TopicDescription> listTopics() {
    return listTopics("");
  }

  @Override
  public List<TopicDescription> listTopics(String prefix) {
    List<TopicDescription> topics = new ArrayList<>();
    String token = "";
    do {
      ListTopicsRequest request =
          ListTopicsRequest.newBuilder()
              .setPageSize(PAGE_SIZE)
              .setPageToken(token)
              .setPrefix(prefix)
              .build();
      ListTopicsResponse page = admin(stub -> stub.listTopics(request), Unary.Repeat.READ);
      page.getTopicsList().forEach(topic -> topics.add(Wire.topic(topic)));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return topics;
  }

  @Override
  public TopicDescription describeTopic(String topic) {
    return Wire.topic(describe(topic, timeout));
  }

  /** Describes and remembers what it says. */
  Topic describe(String name, Duration patience) {
    DescribeTopicRequest request = DescribeTopicRequest.newBuilder().setTopic(name).build();
    Topic topic =
        unary
            .call(
                AdminServiceGrpc::newBlockingStub,
                stub -> stub.describeTopic(request),
                Unary.Repeat.READ,
                patience)
            .getTopic();
    topology.learn(topic);
    return topic;
  }

  @Override
  public TopicDescription alterTopic(TopicChange change) {
    AlterTopicRequest request =
        AlterTopicRequest.newBuilder()
            .setTopic(change.topic())
            .setSet(SettingsWire.write(change.set()))
            .addAllReset(change.reset().stream().sorted().map(SettingsWire::field).toList())
            .setValidateOnly(change.validateOnly())
            .build();
    return Wire.topic(admin(stub -> stub.alterTopic(request), Unary.Repeat.IDEMPOTENT).getTopic());
  }

  @Override
  public long trimPartition(String topic, int partition, long beforeOffset) {
    TrimPartitionRequest request =
        TrimPartitionRequest.newBuilder()
            .setTopic(topic)
            .setPartition(partition)
            .setBeforeOffset(beforeOffset)
            .build();
    return admin(stub -> stub.trimPartition(request), Unary.Repeat.IDEMPOTENT).getLogStartOffset();
  }

  @Override
  public LeaderMove moveLeader(String topic, int partition, int nodeId, boolean dryRun) {
    MoveLeaderRequest request =
        MoveLeaderRequest.newBuilder()
            .setTopic(topic)
            .setPartition(partition)
            .setNodeId(nodeId)
            .setValidateOnly(dryRun)
            .build();
    MoveLeaderResponse moved = admin(stub -> stub.moveLeader(request), Unary.Repeat.IDEMPOTENT);
    return new LeaderMove(moved.getLeads(), moved.getPartitionsList());
  }

  @Override
  public long deleteTopic(String topic) {
    DeleteTopicRequest request = DeleteTopicRequest.newBuilder().setTopic(topic).build();
    long id = admin(stub -> stub.deleteTopic(request), Unary.Repeat.ONCE).getTopicId();
    topology.forget(topic);
    return id;
  }

  @Override
  public ClusterDescription describeCluster(boolean includeReplicas) {
    DescribeClusterRequest request =
        DescribeClusterRequest.newBuilder().setIncludeReplicas(includeReplicas).build();
    return Wire.cluster(
        unary.call(
            ClusterServiceGrpc::newBlockingStub,
            stub -> stub.describeCluster(request),
            Unary.Repeat.READ,
            timeout));
  }

  @Override
  public PartitionVerification verifyPartition(
      String topic, int partition, Duration within, PartitionVerification.Progress progress) {
    VerifyPartitionRequest request =
        VerifyPartitionRequest.newBuilder().setTopic(topic).setPartition(partition).build();
    VerifyPartitionResponse result =
        unary.call(
            AdminServiceGrpc::newBlockingStub,
            stub -> last(stub.verifyPartition(request), progress),
            Unary.Repeat.IDEMPOTENT,
            within);
    return Wire.verification(topic, partition, result);
  }

  private static VerifyPartitionResponse last(
      Iterator<VerifyPartitionResponse> answers, PartitionVerification.Progress progress) {
    VerifyPartitionResponse last = VerifyPartitionResponse.getDefaultInstance();
    while (answers.hasNext()) {
      last = answers.next();
      progress.reached(last.getFromOffset(), last.getReachedOffset(), last.getEndOffset());
    }
    return last;
  }

  @Override
  public List<PartitionOffsetInfo> listOffsets(String topic, StartPosition position) {
    return listOffsets(topic, 0, List.of(), position);
  }

  List<PartitionOffsetInfo> listOffsets(
      String topic, long topicId, List<Integer> partitions, StartPosition position) {
    ListOffsetsRequest request =
        ListOffsetsRequest.newBuilder()
            .setTopic(topic)
            .setTopicId(topicId)
            .addAllPartitions(partitions)
            .setPosition(Wire.position(position))
            .build();
    ListOffsetsResponse answer =
        unary.call(
            ConsumerServiceGrpc::newBlockingStub,
            stub -> stub.listOffsets(request),
            Unary.Repeat.READ,
            timeout);
    return answer.getOffsetsList().stream().map(Wire::offset).toList();
  }

  @Override
  public List<GroupDescription> listGroups(String prefix) {
    return groups.list(prefix);
  }

  @Override
  public GroupDescription describeGroup(String group) {
    return groups.describe(group);
  }

  @Override
  public List<GroupReset> resetGroup(
      String group, String topic, List<Integer> partitions, StartPosition to, boolean dryRun) {
    return groups.reset(group, topic, partitions, to, dryRun);
  }

  @Override
  public void deleteGroup(String group, boolean dryRun) {
    groups.delete(group, dryRun);
  }

  @Override
  public void commitOffsets(String group, Map<TopicPartition, Long> offsets) {
    groups.commit(group, offsets);
  }

  @Override
  public List<CommittedOffset> committedOffsets(String group, String topic) {
    return groups.committed(group, topic);
  }

  private <T> T admin(Function<AdminServiceBlockingStub, T> request, Unary.Repeat repeat) {
    return unary.call(AdminServiceGrpc::newBlockingStub, request, repeat, timeout);
  }
}
