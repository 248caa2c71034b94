package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.Contact;
import io.flotilla.node.grpc.call.OpenStreams;
import io.flotilla.node.grpc.call.UnaryAnswer;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.v1.ClusterServiceGrpc;
import io.flotilla.proto.v1.DescribeClusterRequest;
import io.flotilla.proto.v1.DescribeClusterResponse;
import io.flotilla.proto.v1.Node;
import io.flotilla.proto.v1.Replica;
import io.flotilla.proto.v1.WatchTopologyRequest;
import io.flotilla.proto.v1.WatchTopologyResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The door for the cluster's picture. Runs on flotilla-call; safe. */
public final class ClusterService extends ClusterServiceGrpc.ClusterServiceImplBase {

  private final Router router;
  private final Contact contact;
  private final TopicSettings defaults;
  private final boolean topicAutoCreate;
  private final Supplier<NodeIdentity> identity;
  private final CallThreads threads;
  private final OpenStreams streams;
  private final ReplicaCollector collector;
  private final SelfPicture self;
  private final IntFunction<@Nullable Duration> silence;

  /**
   * @param contact who watches here is sent elsewhere when it is lost
   * @param defaults for what topics do not set
   * @param silence how long ago another node answered last; null: it has not since the start
   * @param topicAutoCreate clients are told that they may create what they publish to
   */
  public ClusterService(
      Router router,
      Contact contact,
      TopicSettings defaults,
      boolean topicAutoCreate,
      Supplier<NodeIdentity> identity,
      SelfPicture self,
      IntFunction<@Nullable Duration> silence,
      CallThreads threads,
      OpenStreams streams) {
    this.contact = contact;
    this.defaults = defaults;
    this.topicAutoCreate = topicAutoCreate;
    this.router = router;
    this.identity = identity;
    this.threads = threads;
    this.streams = streams;
    this.self = self;
    this.silence = silence;
    this.collector = new ReplicaCollector(router, self);
  }

  @Override
  public void describeCluster(
      DescribeClusterRequest request, StreamObserver<DescribeClusterResponse> observer) {
    MetadataImage image = router.image();
    CallScope scope = CallScope.current();
    CompletableFuture<DescribeClusterResponse> answer =
        request.getIncludeReplicas()
            ? collector.collect(image, scope).thenApply(told -> withReplicas(image, told))
            : CompletableFuture.completedFuture(
                picture(image).addAllNodes(Pictures.nodes(image)).build());
    UnaryAnswer.answer(observer, answer, scope, threads);
  }

  @Override
  public void watchTopology(
      WatchTopologyRequest request, StreamObserver<WatchTopologyResponse> observer) {
    new TopologyWatch(
            request,
            router,
            contact,
            defaults,
            threads,
            (ServerCallStreamObserver<WatchTopologyResponse>) observer)
        .begin(streams);
  }

  private DescribeClusterResponse withReplicas(
      MetadataImage image, Map<Integer, ReplicaCollector.Told> told) {
    DescribeClusterResponse.Builder picture = picture(image);
    for (Node node : Pictures.nodes(image)) {
      ReplicaCollector.Told answer = told.get(node.getNodeId());
      picture.addNodes(
          answer == null
              ? Pictures.silent(node, silence.apply(node.getNodeId()))
              : Pictures.answered(node, answer));
    }
    List<Replica> all =
        told.values().stream().flatMap(t -> t.answer().getReplicasList().stream()).toList();
    return picture.addAllReplicas(Replicas.all(image, all)).setClockUnixMs(self.clockMs()).build();
  }

  private DescribeClusterResponse.Builder picture(MetadataImage image) {
    Route route = router.metadataLeader();
    int leader =
        route instanceof Route.Here
            ? router.nodeId()
            : route instanceof Route.There there ? there.leader().nodeId() : 0;
    return DescribeClusterResponse.newBuilder()
        .setClusterId(identity.get().clusterId())
        .setRevision(image.revision())
        .setMetadataLeader(leader)
        .setMetadataTerm(router.metadataTerm())
        .addAllMetadataVoters(router.metadataVoters())
        .setTopicCount(image.topics().size())
        .setPartitionCount(
            image.topics().values().stream().mapToInt(topic -> topic.partitionCount()).sum())
        .setAnsweredBy(router.nodeId())
        .setTopicAutoCreate(topicAutoCreate);
  }
}
