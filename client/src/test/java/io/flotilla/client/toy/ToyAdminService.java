package io.flotilla.client.toy;

import com.google.protobuf.ByteString;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.AlterTopicRequest;
import io.flotilla.proto.v1.AlterTopicResponse;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.CreateTopicResponse;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DeleteTopicResponse;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.DescribeTopicResponse;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.ListTopicsResponse;
import io.flotilla.proto.v1.MoveLeaderRequest;
import io.flotilla.proto.v1.MoveLeaderResponse;
import io.flotilla.proto.v1.ReplicaVerdict;
import io.flotilla.proto.v1.ReplicaVerification;
import io.flotilla.proto.v1.Topic;
import io.flotilla.proto.v1.TrimPartitionRequest;
import io.flotilla.proto.v1.TrimPartitionResponse;
import io.flotilla.proto.v1.VerifyPartitionRequest;
import io.flotilla.proto.v1.VerifyPartitionResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.TreeMap;

/** Topics, listed two a page. */
final class ToyAdminService extends AdminServiceGrpc.AdminServiceImplBase {

  private static final int PAGE = 2;
  private final ToyCluster cluster;

  ToyAdminService(ToyCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void createTopic(
      CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
    if (cluster.topics.containsKey(request.getTopic())) {
      observer.onError(ToyNode.status(ErrorReason.ERROR_REASON_TOPIC_EXISTS, "it exists"));
      return;
    }
    Topic topic = cluster.create(request.getTopic(), Math.max(1, request.getPartitions()));
    observer.onNext(
        CreateTopicResponse.newBuilder().setTopic(cluster.described(topic)).setReady(true).build());
    observer.onCompleted();
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> observer) {
    List<Topic> rest =
        new TreeMap<>(cluster.topics)
            .tailMap(request.getPageToken(), false).values().stream()
                .filter(topic -> topic.getName().startsWith(request.getPrefix()))
                .toList();
    List<Topic> page = rest.subList(0, Math.min(PAGE, rest.size()));
    observer.onNext(
        ListTopicsResponse.newBuilder()
            .addAllTopics(page)
            .setNextPageToken(rest.size() > PAGE ? page.get(PAGE - 1).getName() : "")
            .build());
    observer.onCompleted();
  }

  @Override
  public void describeTopic(
      DescribeTopicRequest request, StreamObserver<DescribeTopicResponse> observer) {
    Topic topic = cluster.topics.get(request.getTopic());
    if (topic == null) {
      observer.onError(
          ToyNode.status(
              ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, "no topic " + request.getTopic()));
      return;
    }
    observer.onNext(DescribeTopicResponse.newBuilder().setTopic(cluster.described(topic)).build());
    observer.onCompleted();
  }

  @Override
  public void deleteTopic(
      DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> observer) {
    Topic topic = cluster.topics.remove(request.getTopic());
    if (topic == null) {
      observer.onError(ToyNode.status(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, "no topic"));
      return;
    }
    observer.onNext(DeleteTopicResponse.newBuilder().setTopicId(topic.getTopicId()).build());
    observer.onCompleted();
  }

  @Override
  public void alterTopic(AlterTopicRequest request, StreamObserver<AlterTopicResponse> observer) {
    Topic topic =
        Topic.newBuilder()
            .setName(request.getTopic())
            .setSettings(request.getSet())
            .setOwnSettings(request.getSet())
            .build();
    observer.onNext(AlterTopicResponse.newBuilder().setTopic(topic).build());
    observer.onCompleted();
  }

  @Override
  public void trimPartition(
      TrimPartitionRequest request, StreamObserver<TrimPartitionResponse> observer) {
    long start = request.getBeforeOffset() < 0 ? 77 : request.getBeforeOffset();
    observer.onNext(TrimPartitionResponse.newBuilder().setLogStartOffset(start).build());
    observer.onCompleted();
  }

  @Override
  public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> observer) {
    observer.onNext(
        MoveLeaderResponse.newBuilder()
            .setLeads(!request.getValidateOnly() && request.getNodeId() == 2)
            .addPartitions(request.getPartition())
            .addPartitions(request.getPartition() + 6)
            .build());
    observer.onCompleted();
  }

  @Override
  public void verifyPartition(
      VerifyPartitionRequest request, StreamObserver<VerifyPartitionResponse> observer) {
    VerifyPartitionResponse begun = VerifyPartitionResponse.newBuilder().setEndOffset(9).build();
    observer.onNext(begun);
    observer.onNext(
        begun.toBuilder()
            .setReachedOffset(9)
            .addReplicas(
                ReplicaVerification.newBuilder()
                    .setNodeId(1)
                    .setVerdict(ReplicaVerdict.REPLICA_VERDICT_EQUAL)
                    .setChain(ByteString.fromHex("0aff")))
            .addReplicas(
                ReplicaVerification.newBuilder()
                    .setNodeId(2)
                    .setVerdict(ReplicaVerdict.REPLICA_VERDICT_CORRUPT)
                    .setBadOffset(0)
                    .setDetail("a checksum fails"))
            .build());
    observer.onCompleted();
  }
}
