package io.flotilla.cluster.harness;

import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.ClusterServiceGrpc;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.GroupAdminServiceGrpc;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Generated stubs on one connection to one address, without any of the Java client's cleverness:
 * what somebody with a stock stub sees. Blocking calls carry a deadline. Safe.
 */
public final class Wire implements AutoCloseable {
  /** Deadline of a blocking call. */
  public static final Duration CALL_MAX = Duration.ofSeconds(10);

  /** Largest answer accepted. */
  private static final int INBOUND_BYTES_MAX = 16 << 20;

  private static final Metadata.Key<String> ROUTE =
      Metadata.Key.of("flotilla-route", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;

  private Wire(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Connects, lazily, to a loopback port. */
  public static Wire to(int port) {
    return to("127.0.0.1", port);
  }

  /** Connects, lazily. */
  public static Wire to(String host, int port) {
    return new Wire(
        Grpc.newChannelBuilder(host + ":" + port, InsecureChannelCredentials.create())
            .maxInboundMessageSize(INBOUND_BYTES_MAX)
            .build());
  }

  public ProducerServiceGrpc.ProducerServiceBlockingStub producer() {
    return inTime(ProducerServiceGrpc.newBlockingStub(channel));
  }

  public ProducerServiceGrpc.ProducerServiceStub producerAsync() {
    return ProducerServiceGrpc.newStub(channel);
  }

  public ConsumerServiceGrpc.ConsumerServiceBlockingStub consumer() {
    return inTime(ConsumerServiceGrpc.newBlockingStub(channel));
  }

  public ConsumerServiceGrpc.ConsumerServiceStub consumerAsync() {
    return ConsumerServiceGrpc.newStub(channel);
  }

  public AdminServiceGrpc.AdminServiceBlockingStub admin() {
    return inTime(AdminServiceGrpc.newBlockingStub(channel));
  }

  public ClusterServiceGrpc.ClusterServiceBlockingStub cluster() {
    return inTime(ClusterServiceGrpc.newBlockingStub(channel));
  }

  public GroupAdminServiceGrpc.GroupAdminServiceBlockingStub groups() {
    return inTime(GroupAdminServiceGrpc.newBlockingStub(channel));
  }

  public GroupConsumerServiceGrpc.GroupConsumerServiceBlockingStub offsets() {
    return inTime(GroupConsumerServiceGrpc.newBlockingStub(channel));
  }

  public GroupConsumerServiceGrpc.GroupConsumerServiceStub members() {
    return GroupConsumerServiceGrpc.newStub(channel);
  }

  /** What nodes ask each other. */
  public PeerServiceGrpc.PeerServiceBlockingStub peers() {
    return inTime(PeerServiceGrpc.newBlockingStub(channel));
  }

  public HealthGrpc.HealthBlockingStub health() {
    return inTime(HealthGrpc.newBlockingStub(channel));
  }

  public ManagedChannel channel() {
    return channel;
  }

  /** The same stub, asking the node to answer by itself instead of forwarding. */
  public static <S extends AbstractStub<S>> S direct(S stub) {
    Metadata headers = new Metadata();
    headers.put(ROUTE, "direct");
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Forgets failed attempts to connect: the node may have been started meanwhile. */
  public Wire refreshed() {
    channel.resetConnectBackoff();
    return this;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static <S extends AbstractStub<S>> S inTime(S stub) {
    return stub.withDeadlineAfter(CALL_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }
}
