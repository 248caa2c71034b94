package io.flotilla.node.partition;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.log.PartitionGroupMachine;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.MetadataMachine;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.GroupPeer;
import io.flotilla.node.raft.GroupSource;
import io.flotilla.node.raft.RaftConfigs;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.RaftListener;
import io.flotilla.node.raft.Replica;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes in this process with real Raft, real stores and one partition, between which groups
 * travel by a call instead of a stream; what travels can be interfered with.
 */
final class RebuildCluster implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(30);
  static final PartitionId ORDERS = new PartitionId(1, 0);
  static final long GROUP = 1_000;
  private static final int CHUNK_BYTES = 64 << 10;

  /** What happens to a chunk on its way; may throw. */
  volatile UnaryOperator<GroupChunk> onTheWay = chunk -> chunk;

  private volatile boolean deleted;
  final AtomicLong chunksSent = new AtomicLong();
  private final Path folder;
  private final List<ClusterNode> addresses = new ArrayList<>();
  private final Map<Integer, Node> nodes = new TreeMap<>();

  RebuildCluster(Path folder) throws IOException {
    this.folder = folder;
    for (int i = 1; i <= 3; i++) {
      try (ServerSocket free = new ServerSocket(0)) {
        addresses.add(new ClusterNode(i, "127.0.0.1", 1, free.getLocalPort()));
      }
    }
    addresses.forEach(address -> start(address.id()));
  }

  final class Node implements RaftListener {
    final int id;
    final Store store;
    final RaftHost raft;
    final PartitionSet partitions;
    private volatile @Nullable MetadataMachine metadata;

    Node(ClusterNode self) {
      id = self.id();
      store =
          RocksStore.open(
              folder.resolve("node-" + id + "/store"),
              RocksSettings.defaults(),
              (what, cause) -> {});
      raft =
          new RaftHost(
              config(),
              folder.resolve("node-" + id + "/raft"),
              peer(id),
              self,
              store,
              this::machine,
              this);
      partitions =
          new PartitionSet(
              raft,
              store,
              config(),
              PartitionConfig.defaults(),
              BatchLimits.defaults(),
              System::currentTimeMillis,
              RebuildCluster.this::image);
      raft.rebuildFrom(RebuildCluster.this::pull);
      raft.start();
      raft.addGroup(GroupIds.METADATA, peers());
      partitions.start();
    }

    private StateMachine machine(long group) {
      if (group == GroupIds.METADATA) {
        MetadataMachine machine = new MetadataMachine(store, image -> {});
        metadata = machine;
        return machine;
      }
      return new PartitionGroupMachine(
          group, store, (id, start, end) -> partitions.advanced(id, start, end));
    }

    @Override
    public void leaderReady(long group, long term) {}

    @Override
    public void leaderChanged(long group) {}

    @Override
    public void rebuilding(long group) {
      partitions.suspend(group);
    }

    @Override
    public void rebuilt(long group) {
      partitions.resume(group);
    }

    @Override
    public void fatal(String what, Throwable cause) {
      throw new AssertionError(what, cause);
    }

    long metadataRevision() {
      return Objects.requireNonNull(metadata).image().revision();
    }

    long end() {
      return new LogReader(store, ORDERS).state().getNextOffset();
    }

    private void close() {
      partitions.close();
      raft.close();
      store.flush(); // As a node does, whose store it is.
      store.close();
    }
  }

  private static RaftConfig config() {
    return RaftConfigs.small(0);
  }

  static String peer(int id) {
    return id + ".aa";
  }

  private List<GroupPeer> peers() {
    return addresses.stream()
        .map(a -> new GroupPeer(peer(a.id()), a.host(), a.raftPort()))
        .toList();
  }

  /** Deletes the only topic, as far as the metadata goes. */
  void deleteTopic() {
    deleted = true;
    running().forEach(node -> node.partitions.metadataChanged());
  }

  private MetadataImage image() {
    TreeMap<Integer, NodeInfo> infos = new TreeMap<>();
    addresses.forEach(
        a -> infos.put(a.id(), new NodeInfo(a.id(), "aa", a.host(), 1, a.raftPort(), "", "")));
    TopicInfo orders =
        new TopicInfo(1, "orders", 1, 0, List.of(GROUP), TopicSettings.getDefaultInstance());
    GroupInfo group =
        new GroupInfo(GROUP, List.of(peer(1), peer(2), peer(3)), List.of(ORDERS), 0, 0);
    return new MetadataImage(
        2,
        infos,
        new TreeMap<>(deleted ? Map.of() : Map.of("orders", orders)),
        deleted ? Map.of() : Map.of(1, orders),
        new TreeMap<>(deleted ? Map.of() : Map.of(GROUP, group)),
        2,
        1001);
  }

  private void pull(String peerId, GroupSource.Pull pull, GroupSource.Sink sink) {
    Node node = nodes.get(Integer.parseInt(peerId.substring(0, 1)));
    if (node == null) {
      throw new GroupSource.GroupSourceException("node " + peerId + " is down");
    }
    GroupExport export;
    try {
      export =
          node.partitions
              .exports()
              .open(pull.group(), pull.minIndex(), pull.token(), pull.afterChunk());
    } catch (FlotillaException e) {
      throw new GroupSource.GroupSourceException("refused", e);
    }
    sink.started(export.token(), export.at());
    GroupChunk chunk = export.next(export.reader(), CHUNK_BYTES);
    while (chunk != null) {
      chunksSent.incrementAndGet();
      sink.chunk(onTheWay.apply(chunk));
      chunk = export.next(export.reader(), CHUNK_BYTES);
    }
    sink.ended(export.totals());
    node.partitions.exports().complete(export);
  }

  Node node(int id) {
    return Objects.requireNonNull(nodes.get(id));
  }

  List<Node> running() {
    return List.copyOf(nodes.values());
  }

  Node start(int id) {
    Node node = new Node(addresses.get(id - 1));
    nodes.put(id, node);
    return node;
  }

  void stop(int id) {
    Objects.requireNonNull(nodes.remove(id)).close();
  }

  Node leader(long group) {
    return await()
        .atMost(SOON)
        .until(
            () -> running().stream().filter(node -> leads(node, group)).findFirst().orElse(null),
            node -> node != null);
  }

  private static boolean leads(Node node, long group) {
    Replica replica = node.raft.replica(group);
    return replica != null && replica.isLeaderReady();
  }

  /** A node that does not lead the group. */
  int follower(long group) {
    Node leader = leader(group);
    return running().stream().filter(node -> node != leader).findFirst().orElseThrow().id;
  }

  /** Appends batches of some 30 KiB and awaits them. */
  void append(int batches) throws Exception {
    Node leader = leader(GROUP);
    Partition partition =
        await().atMost(SOON).until(() -> leader.partitions.get(ORDERS), found -> found != null);
    List<CompletableFuture<Appended>> all = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      all.add(partition.append(batch(i)));
    }
    for (CompletableFuture<Appended> one : all) {
      one.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static AppendBatch batch(int i) {
    Event event =
        Event.newBuilder()
            .setValue(ByteString.copyFrom(new byte[30 << 10]))
            .setTimestampUnixMs(i)
            .build();
    return AppendBatch.newBuilder()
        .setBatch(BatchCodec.encode(List.of(event), Compression.COMPRESSION_NONE))
        .setProducerId(7)
        .setFirstSequence(-1)
        .build();
  }

  /** Flushes all stores until their logs are purged down to so many bytes each. */
  void awaitPurged(long group, long bytesEach) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              running().forEach(node -> node.raft.checkpoint());
              return running().stream().allMatch(node -> logBytes(node.id, group) <= bytesEach);
            });
  }

  long logBytes(int id, long group) {
    Path current =
        folder.resolve(
            "node-%d/raft/groups/666c6f74-696c-6c61-0000-%012x/current".formatted(id, group));
    try (Stream<Path> files = Files.list(current)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      return Long.MAX_VALUE; // A file went while it was counted.
    }
  }

  void awaitEqual() {
    Node leader = leader(GROUP);
    await().atMost(SOON).until(() -> running().stream().allMatch(n -> n.end() == leader.end()));
  }

  @Override
  public void close() {
    nodes.values().forEach(Node::close);
  }
}
