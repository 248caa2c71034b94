package io.flotilla.node.grpc;

import io.flotilla.node.FlotillaNode;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.DiskConfig;
import io.flotilla.node.config.GroupsConfig;
import io.flotilla.node.config.GrpcConfig;
import io.flotilla.node.config.HttpConfig;
import io.flotilla.node.config.MemoryConfig;
import io.flotilla.node.config.MetricsConfig;
import io.flotilla.node.config.NodeConfig;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.config.TopicConfig;
import io.flotilla.node.config.TracingConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Some real nodes in this process, formed and known to each other, and a channel to each. */
final class LocalCluster implements AutoCloseable {

  private final Map<Integer, NodeConfig> configs = new TreeMap<>();
  private final Map<Integer, FlotillaNode> nodes = new TreeMap<>();
  private final Map<Integer, ManagedChannel> channels = new TreeMap<>();

  static LocalCluster of(int size, Path dir, GrpcConfig grpc, PartitionConfig partitions)
      throws Exception {
    return of(size, dir, grpc, partitions, TracingConfig.defaults());
  }

  static LocalCluster of(
      int size, Path dir, GrpcConfig grpc, PartitionConfig partitions, TracingConfig tracing)
      throws Exception {
    LocalCluster cluster = new LocalCluster();
    List<ClusterNode> addresses = addresses(size);
    List<CompletableFuture<Void>> starting = new ArrayList<>();
    for (ClusterNode address : addresses) {
      NodeConfig config =
          config(address, addresses, dir, grpc, partitions, tracing, HttpConfig.defaults());
      FlotillaNode node = node(config);
      cluster.configs.put(address.id(), config);
      cluster.nodes.put(address.id(), node);
      cluster.channels.put(
          address.id(),
          NettyChannelBuilder.forAddress("127.0.0.1", address.grpcPort())
              .usePlaintext()
              .maxInboundMessageSize(16 << 20)
              .build());
      starting.add(CompletableFuture.runAsync(() -> start(node), task -> new Thread(task).start()));
    }
    CompletableFuture.allOf(starting.toArray(CompletableFuture<?>[]::new))
        .get(60, TimeUnit.SECONDS);
    return cluster;
  }

  private static FlotillaNode node(NodeConfig config) {
    return new FlotillaNode(
        config,
        (what, cause) -> {
          throw new AssertionError(what, cause);
        });
  }

  private static void start(FlotillaNode node) {
    try {
      node.start();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static NodeConfig config(
      ClusterNode self,
      List<ClusterNode> all,
      Path dir,
      GrpcConfig grpc,
      PartitionConfig partitions,
      TracingConfig tracing,
      HttpConfig http) {
    return new NodeConfig(
        self.id(),
        dir.resolve("n" + self.id()),
        "",
        all,
        NodeConfig.BATCH_BYTES_MAX_DEFAULT,
        grpc.at("127.0.0.1", self.grpcPort()),
        RaftConfig.defaults(),
        partitions,
        TopicConfig.defaults(),
        MemoryConfig.defaults(),
        DiskConfig.defaults(),
        http,
        GroupsConfig.defaults(),
        MetricsConfig.defaults(),
        tracing);
  }

  static List<ClusterNode> addresses(int size) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 2 * size; i++) {
      sockets.add(new ServerSocket(0));
    }
    List<ClusterNode> addresses = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int grpcPort = sockets.get(2 * i).getLocalPort();
      int raftPort = sockets.get(2 * i + 1).getLocalPort();
      addresses.add(new ClusterNode(i + 1, "127.0.0.1", grpcPort, raftPort));
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return addresses;
  }

  ManagedChannel channel(int id) {
    ManagedChannel channel = channels.get(id);
    if (channel == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return channel;
  }

  /** Stops a node as an operator would. */
  void stop(int id) {
    FlotillaNode node = nodes.remove(id);
    if (node != null) {
      node.close();
    }
  }

  /** Stops a node as an operator would, and starts it again. */
  void restart(int id) {
    stop(id);
    FlotillaNode again = node(Objects.requireNonNull(configs.get(id)));
    nodes.put(id, again);
    start(again);
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    nodes.values().forEach(FlotillaNode::close);
  }
}
