package io.flotilla.node.grpc;

import com.google.protobuf.ByteString;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.CreateTopicResponse;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishResponse;
import io.flotilla.proto.v1.Topic;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes for all tests of a class. Topics have three partitions of one replica each, so each
 * node holds one and has to ask the others for the rest.
 */
abstract class ClusterFixture {

  private static final AtomicInteger TOPICS = new AtomicInteger();

  @TempDir static Path folder;
  static LocalCluster cluster;

  @BeforeAll
  static void form() throws Exception {
    cluster = LocalCluster.of(3, folder, GrpcConfig.defaults(), PartitionConfig.defaults());
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  static Topic topic() {
    return create(3, 1).getTopic();
  }

  static CreateTopicResponse create(int partitions, int replicas) {
    return admin(2)
        .createTopic(
            CreateTopicRequest.newBuilder()
                .setTopic("topic-" + TOPICS.incrementAndGet())
                .setPartitions(partitions)
                .setReplicationFactor(replicas)
                .build());
  }

  static int leader(Topic topic, int partition) {
    return topic.getPartitions(partition).getLeader().getNodeId();
  }

  /** A node that does not hold the partition. */
  static int stranger(Topic topic, int partition) {
    return leader(topic, partition) % 3 + 1;
  }

  static AdminServiceGrpc.AdminServiceBlockingStub admin(int node) {
    return AdminServiceGrpc.newBlockingStub(cluster.channel(node))
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  static ProducerServiceGrpc.ProducerServiceBlockingStub producer(int node) {
    return ProducerServiceGrpc.newBlockingStub(cluster.channel(node))
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  static ConsumerServiceGrpc.ConsumerServiceBlockingStub consumer(int node) {
    return ConsumerServiceGrpc.newBlockingStub(cluster.channel(node))
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  static <S extends AbstractStub<S>> S direct(S stub) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("flotilla-route", Metadata.ASCII_STRING_MARSHALLER), "direct");
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  static Event event(String value) {
    return Event.newBuilder().setValue(ByteString.copyFromUtf8(value)).build();
  }

  static PublishResponse publish(int node, Topic topic, int partition, String... values) {
    PublishRequest.Builder request =
        PublishRequest.newBuilder().setTopic(topic.getName()).setPartition(partition);
    for (String value : values) {
      request.addEvents(event(value));
    }
    return producer(node).publish(request.build());
  }

  static Position from(StartFrom start) {
    return Position.newBuilder().setFrom(start).build();
  }

  static Position at(long offset) {
    return Position.newBuilder().setFrom(StartFrom.START_FROM_OFFSET).setOffset(offset).build();
  }

  /** What a call is refused with. */
  static FlotillaException refusal(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      return StatusMapper.fromPeer(e);
    }
    throw new AssertionError("the call was not refused");
  }
}
