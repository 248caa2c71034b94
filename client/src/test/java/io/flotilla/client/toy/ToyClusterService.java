package io.flotilla.client.toy;

import io.flotilla.proto.v1.ClusterServiceGrpc;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.DescribeClusterResponse;
import io.flotilla.proto.v1.Node;
import io.flotilla.proto.v1.NodeState;
import io.flotilla.proto.v1.WatchTopologyRequest;
import io.flotilla.proto.v1.WatchTopologyResponse;
import io.grpc.stub.StreamObserver;

/** The picture; the watch says once what there is and then nothing, so that hints must do. */
final class ToyClusterService extends ClusterServiceGrpc.ClusterServiceImplBase {

  private final ToyCluster cluster;

  ToyClusterService(ToyCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void describeCluster(
      DescribeClusterRequest request, StreamObserver<DescribeClusterResponse> observer) {
    observer.onNext(
        DescribeClusterResponse.newBuilder()
            .setClusterId("toy")
            .setTopicCount(cluster.topics.size())
            .setTopicAutoCreate(cluster.topicAutoCreate)
            .addNodes(node())
            .build());
    observer.onCompleted();
  }

  @Override
  public void watchTopology(
      WatchTopologyRequest request, StreamObserver<WatchTopologyResponse> observer) {
    WatchTopologyResponse.Builder picture = WatchTopologyResponse.newBuilder().setRevision(1);
    cluster.topics.values().forEach(topic -> picture.addTopics(cluster.described(topic)));
    observer.onNext(picture.build());
  }

  private Node node() {
    return Node.newBuilder()
        .setNodeId(1)
        .setHost("localhost")
        .setPort(cluster.node(1).port())
        .setState(NodeState.NODE_STATE_UP)
        .build();
  }
}
