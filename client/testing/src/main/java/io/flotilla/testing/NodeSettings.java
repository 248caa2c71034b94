package io.flotilla.testing;

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
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How nodes are set in tests: the defaults, but small in memory, quick to elect, and content with a
 * disk that is nearly full. Pure, but for the choice of ports.
 */
final class NodeSettings {

  private static final String HOST = "127.0.0.1";
  private static final long MIB = 1L << 20;

  private NodeSettings() {}

  /** Addresses with two ports each that nobody uses now. */
  static List<ClusterNode> freeAddresses(int size) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      // All at once, so that none is given out twice.
      for (int i = 0; i < 2 * size; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<ClusterNode> addresses = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int grpcPort = sockets.get(2 * i).getLocalPort();
        int raftPort = sockets.get(2 * i + 1).getLocalPort();
        addresses.add(new ClusterNode(i + 1, HOST, grpcPort, raftPort));
      }
      return addresses;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  static NodeConfig of(int id, Path folder, List<ClusterNode> addresses) {
    ClusterNode self = addresses.get(id - 1);
    return new NodeConfig(
        id,
        folder.resolve("node-" + id),
        "",
        addresses,
        NodeConfig.BATCH_BYTES_MAX_DEFAULT,
        GrpcConfig.defaults().at(self.host(), self.grpcPort()),
        raft(addresses.size()),
        partitions(),
        TopicConfig.defaults(),
        new MemoryConfig(32 * MIB, 16 * MIB, 32 * MIB, 0),
        new DiskConfig(0, 0, 0, 8 * MIB, 8 * MIB, 0),
        HttpConfig.defaults(),
        GroupsConfig.defaults(),
        MetricsConfig.defaults(),
        TracingConfig.defaults());
  }

  /** One Raft group is enough for all partitions of a topic that a node leads. */
  private static PartitionConfig partitions() {
    PartitionConfig d = PartitionConfig.defaults();
    return new PartitionConfig(
        d.inFlightBytesMax(),
        d.nodeInFlightBytesMax(),
        d.maxPerNode(),
        1,
        d.groupsMax(),
        d.tailCacheBytes(),
        d.scrubInterval(),
        d.scrubBytesPerSecond());
  }

  /** A lone node need not wait for others; three must not depose each other on a busy machine. */
  private static RaftConfig raft(int size) {
    RaftConfig d = RaftConfig.defaults();
    return new RaftConfig(
        Duration.ofMillis(size == 1 ? 100 : 500),
        Duration.ofMillis(size == 1 ? 150 : 900),
        d.entryBytesMax(),
        d.entriesInFlightMax(),
        8 * MIB,
        d.checkpointBytes(),
        d.checkpointInterval(),
        d.balanceHold(),
        d.logKeepBytes(),
        d.rebuildsMax(),
        d.rebuildBytesPerSecond(),
        d.cacheBytes());
  }
}
