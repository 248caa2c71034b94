package io.flotilla.node.raft;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.model.GroupTotals;
import io.flotilla.node.store.RowBlock;
import io.flotilla.node.store.Snapshot;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Real Ratis servers in this process, each with a real store, whose group counts its entries; they
 * can be closed, wiped and opened under another name. Confined to the test's thread.
 */
final class RaftNodes implements AutoCloseable {

  /** Its rows are in table METADATA, which is what a rebuild of this group brings. */
  static final long GROUP = GroupIds.METADATA;

  static final Duration SOON = Duration.ofSeconds(30);

  /** Counts its commands in the store; the outcome is the count. */
  private record Counter(long group, Duration takes) implements StateMachine {
    @Override
    public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
      LockSupport.parkNanos(takes.toNanos());
      byte[] key = ByteBuffer.allocate(8).putLong(group).array();
      byte[] value = batch.get(Table.METADATA, key);
      long count = (value == null ? 0 : ByteBuffer.wrap(value).getLong()) + 1;
      byte[] next = ByteBuffer.allocate(8).putLong(count).array();
      batch.put(Table.METADATA, key, next);
      return ByteString.copyFrom(next);
    }

    @Override
    public void publish() {}
  }

  /** One of them. */
  static final class Node {
    final Store store;
    final RaftHost host;

    Node(
        Path dir,
        ClusterNode self,
        String peerId,
        RaftConfig config,
        GroupSource source,
        Duration applyTakes) {
      store = RocksStore.open(dir.resolve("store"), RocksSettings.defaults(), (what, cause) -> {});
      host =
          new RaftHost(
              config,
              dir.resolve("raft"),
              peerId,
              self,
              store,
              group -> new Counter(group, applyTakes),
              RaftHostTest.QUIET);
      host.rebuildFrom(source);
      host.start();
    }

    long counted() {
      byte[] value = store.get(Table.METADATA, ByteBuffer.allocate(8).putLong(GROUP).array());
      return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }

    void close() {
      host.close();
      store.flush(); // As a node does, whose store it is.
      store.close();
    }
  }

  private static final long KEEP_BYTES = 64L << 20;

  private final Path folder;
  private final RaftConfig config;
  private final Duration applyTakes;
  private final List<ClusterNode> addresses = new ArrayList<>();
  private final Map<Integer, Node> open = new TreeMap<>();

  /** Nodes 1 to {@code count}, under incarnation "aa", with the group. */
  RaftNodes(Path folder, int count) throws IOException {
    this(folder, count, KEEP_BYTES);
  }

  /** The same, whose logs keep so many bytes for nodes that are away. */
  RaftNodes(Path folder, int count, long keepBytes) throws IOException {
    this(folder, count, RaftConfigs.small(keepBytes), Duration.ZERO);
  }

  /** The same, whose leaders say that they are there, and nothing else, so often. */
  static RaftNodes withHeartbeat(Path folder, int count, Duration heartbeat) throws IOException {
    Duration timeout = heartbeat.multipliedBy(2);
    return new RaftNodes(
        folder,
        count,
        RaftConfigs.small(timeout, timeout.plusSeconds(1), KEEP_BYTES),
        Duration.ZERO);
  }

  /** The same, with a store so busy that each entry takes so long. */
  RaftNodes(Path folder, int count, Duration applyTakes) throws IOException {
    this(folder, count, RaftConfigs.small(KEEP_BYTES), applyTakes);
  }

  private RaftNodes(Path folder, int count, RaftConfig config, Duration applyTakes)
      throws IOException {
    this.folder = folder;
    this.applyTakes = applyTakes;
    this.config = config;
    for (int i = 1; i <= count; i++) {
      try (ServerSocket free = new ServerSocket(0)) {
        addresses.add(new ClusterNode(i, "127.0.0.1", 1, free.getLocalPort()));
      }
    }
    List<GroupPeer> founders = addresses.stream().map(a -> peer(a.id(), "aa")).toList();
    for (int i = 1; i <= count; i++) {
      open(i, "aa").host.addGroup(GROUP, founders);
    }
  }

  GroupPeer peer(int id, String incarnation) {
    ClusterNode address = addresses.get(id - 1);
    return new GroupPeer(id + "." + incarnation, address.host(), address.raftPort());
  }

  Node open(int id, String incarnation) {
    ClusterNode address = addresses.get(id - 1);
    Node node = new Node(dir(id), address, id + "." + incarnation, config, this::pull, applyTakes);
    open.put(id, node);
    return node;
  }

  /** All that a peer has counted, in one chunk. */
  private void pull(String peerId, GroupSource.Pull pull, GroupSource.Sink sink) {
    Node peer = open.get(Integer.parseInt(peerId.substring(0, peerId.indexOf('.'))));
    if (peer == null) {
      throw new GroupSource.GroupSourceException(peerId + " is closed");
    }
    try (Snapshot view = peer.store.snapshot()) {
      byte[] key = ByteBuffer.allocate(8).putLong(GROUP).array();
      RowBlock block = new RowBlock();
      block.add(key, 0, Objects.requireNonNull(view.get(Table.METADATA, key)));
      GroupChunk chunk =
          GroupChunk.of(1, Table.METADATA.name(), 0, ByteString.copyFrom(block.toBytes()));
      sink.started(1, AppliedRow.of(view, GROUP));
      sink.chunk(chunk);
      sink.ended(GroupTotals.NONE.plus(chunk));
    }
  }

  Path dir(int id) {
    return folder.resolve("node-" + id);
  }

  /** The files of the group's log on a node, in order. */
  List<SegmentFile> log(int id) throws IOException {
    Path log =
        dir(id).resolve("raft/groups").resolve(GroupDisks.folderName(GROUP)).resolve("current");
    try (Stream<Path> files = Files.list(log)) {
      return files
          .map(SegmentFile::of)
          .filter(Objects::nonNull)
          .sorted(Comparator.comparingLong(SegmentFile::first))
          .toList();
    }
  }

  Node node(int id) {
    Node node = open.get(id);
    if (node == null) {
      throw new IllegalArgumentException("node " + id + " is closed");
    }
    return node;
  }

  void close(int id) {
    node(id).close();
    open.remove(id);
  }

  void wipe(int id) throws IOException {
    delete(dir(id));
  }

  /** What a closed node has put into its store since it began, as if nothing had been flushed. */
  void loseStore(int id) throws IOException {
    delete(dir(id).resolve("store"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Waits for a leader among the open nodes; answers its id. */
  int leader() {
    return await().pollDelay(Duration.ZERO).atMost(SOON).until(this::leaderNow, id -> id != 0);
  }

  int leaderNow() {
    return open.entrySet().stream()
        .filter(e -> leads(e.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  private static boolean leads(Node node) {
    Replica replica = node.host.replica(GROUP);
    return replica != null && replica.isLeaderReady();
  }

  /** Adds one to the count, through whoever leads; answers the count. */
  long count() throws Exception {
    Replica replica = node(leader()).host.replica(GROUP);
    if (replica == null) {
      throw new IllegalStateException("the leader has gone");
    }
    return replica
        .propose(ByteString.copyFromUtf8("one more"))
        .get(SOON.toSeconds(), TimeUnit.SECONDS)
        .asReadOnlyByteBuffer()
        .getLong();
  }

  List<String> members() {
    return node(leader()).host.members().of(GROUP).stream()
        .map(GroupPeer::peerId)
        .sorted()
        .toList();
  }

  /** Puts a member in another one's place, as the repair does, again and again until it is done. */
  void replace(String gone, GroupPeer by) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              var unused =
                  node(leader())
                      .host
                      .members()
                      .replace(GROUP, gone, by)
                      .handle((done, fault) -> fault == null)
                      .get(SOON.toSeconds(), TimeUnit.SECONDS);
              return members().contains(by.peerId());
            });
  }

  @Override
  public void close() {
    open.values().forEach(Node::close);
  }
}
