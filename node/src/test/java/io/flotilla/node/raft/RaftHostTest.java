package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One to three real Ratis servers in this process, each with a real store, replicating a counter.
 */
class RaftHostTest {

  private static final long GROUP = 1_000;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int TRANSFERS = 20;
  private static final int GROUPS = 4;

  /** Counts its commands in the store; the outcome is the count. */
  private record Counter(long group) implements StateMachine {
    @Override
    public ByteString apply(Applied at, ByteString command, WriteBatch batch) {
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

  private static final class Node {
    final Store store;
    final RaftHost host;

    Node(Path dir, ClusterNode self, RaftConfig config) {
      store = RocksStore.open(dir.resolve("store"), RocksSettings.defaults(), (what, cause) -> {});
      host =
          new RaftHost(
              config, dir.resolve("raft"), self.id() + ".aa", self, store, Counter::new, QUIET);
      host.start();
    }

    void close() {
      host.close();
      store.flush(); // As a node does, whose store it is.
      store.close();
    }
  }

  /** Small segments, so that there is something to purge. */
  private static final RaftConfig SMALL_LOGS = RaftConfigs.small(64L << 20);

  private static RaftConfig smallLogs(Duration electionMin, Duration electionMax) {
    return RaftConfigs.small(electionMin, electionMax, 64L << 20);
  }

  static final RaftListener QUIET =
      new RaftListener() {
        @Override
        public void leaderReady(long group, long term) {}

        @Override
        public void leaderChanged(long group) {}

        @Override
        public void fatal(String what, Throwable cause) {
          throw new AssertionError(what, cause);
        }
      };

  @TempDir Path folder;
  private RaftConfig config = SMALL_LOGS;
  private final List<ClusterNode> addresses = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  private void start(int count) throws IOException {
    for (int i = 1; i <= count; i++) {
      try (ServerSocket free = new ServerSocket(0)) {
        addresses.add(new ClusterNode(i, "127.0.0.1", 1, free.getLocalPort()));
      }
    }
    addresses.forEach(a -> nodes.add(open(a)));
    addGroup(GROUP);
  }

  /** Its first member, who asks to lead it, opens it when the others have. */
  private void addGroup(long group) {
    List<GroupPeer> peers =
        addresses.stream().map(a -> new GroupPeer(a.id() + ".aa", a.host(), a.raftPort())).toList();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      nodes.get(i).host.addGroup(group, peers);
    }
  }

  private Node open(ClusterNode address) {
    return new Node(folder.resolve("node-" + address.id()), address, config);
  }

  @AfterEach
  void close() {
    nodes.forEach(Node::close);
  }

  private static Replica replica(Node node) {
    return Objects.requireNonNull(node.host.replica(GROUP));
  }

  private Replica leader() {
    return await()
        .atMost(SOON)
        .until(
            () ->
                nodes.stream()
                    .map(node -> node.host.replica(GROUP))
                    .filter(r -> r != null && r.isLeaderReady())
                    .findFirst()
                    .orElse(null),
            r -> r != null);
  }

  private static long count(Replica leader, String command) throws Exception {
    return leader
        .propose(ByteString.copyFromUtf8(command))
        .get(SOON.toSeconds(), TimeUnit.SECONDS)
        .asReadOnlyByteBuffer()
        .getLong();
  }

  @Test
  void anEntryIsAppliedOnceEvenAfterARestart() throws Exception {
    start(1);
    assertThat(count(leader(), "a")).isEqualTo(1);
    assertThat(count(leader(), "b")).isEqualTo(2);

    nodes.remove(0).close();
    nodes.add(open(addresses.get(0)));

    assertThat(nodes.get(0).host.opened()).hasToString("100 %, 1 of 1");
    assertThat(count(leader(), "c")).isEqualTo(3);
  }

  @Test
  void addingAGroupTwiceIsFineAndRemovingFreesItsLog() throws Exception {
    start(1);
    leader();
    Node node = nodes.get(0);
    GroupPeer self = new GroupPeer("1.aa", "127.0.0.1", addresses.get(0).raftPort());

    node.host.addGroup(GROUP, List.of(self));
    node.host.removeGroup(GROUP);
    node.host.removeGroup(GROUP);

    assertThat(node.host.replica(GROUP)).isNull();
    try (Stream<Path> groups = Files.list(folder.resolve("node-1/raft/groups"))) {
      assertThat(groups).isEmpty();
    }
  }

  @Test
  void whoDoesNotLeadRefusesAtOnceAndLeadershipCanBeHandedOver() throws Exception {
    start(3);
    Replica leader = leader();
    count(leader, "a");
    Node follower =
        nodes.stream().filter(n -> n.host.replica(GROUP) != leader).findFirst().orElseThrow();

    assertThat(replica(follower).propose(ByteString.EMPTY))
        .failsWithin(SOON)
        .withThrowableThat()
        .withMessageContaining("does not lead");
    await().atMost(SOON).until(() -> leader.isCaughtUp(follower.host.peerId(), 2_000, 0));
    assertThat(leader.transferLeadership(follower.host.peerId()))
        .succeedsWithin(SOON)
        .isEqualTo(true);

    await().atMost(SOON).until(() -> replica(follower).isLeaderReady());
    assertThat(count(replica(follower), "b")).isEqualTo(2);
  }

  /** It used to fail in the moment of stepping down, and with it the stop of a node (exit 143). */
  @Test
  void aLeaderCanBeAskedForItsFollowersWhileItStepsDown() throws IOException {
    start(3);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<?> asking =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                nodes.forEach(node -> replica(node).followers());
              }
            });
    AtomicInteger transfers = new AtomicInteger();
    try {
      await()
          .atMost(SOON.multipliedBy(3))
          .until(() -> transfers.addAndGet(transfer()) == TRANSFERS);
    } finally {
      over.set(true);
    }
    assertThat(asking).succeedsWithin(SOON);
  }

  /** Hands leadership on, if somebody is ready for it; answers how often that was done. */
  private int transfer() throws Exception {
    Replica leader = leader();
    Optional<String> next =
        nodes.stream()
            .filter(node -> node.host.replica(GROUP) != leader)
            .map(node -> node.host.peerId())
            .filter(peer -> leader.isCaughtUp(peer, 2_000, 0))
            .findFirst();
    return next.isPresent() && leader.transferLeadership(next.get()).get() ? 1 : 0;
  }

  @Test
  void aLeaderThatIsGoneIsReplacedLongBeforeItsHeartbeatsAreMissed() throws Exception {
    config = smallLogs(SOON.multipliedBy(3), SOON.multipliedBy(4));
    start(3);
    LongStream.range(1, GROUPS).forEach(i -> addGroup(GROUP + i));
    Replica leader = leader();
    Node gone =
        nodes.stream().filter(n -> n.host.replica(GROUP) == leader).findFirst().orElseThrow();
    List<Replica> led =
        LongStream.range(0, GROUPS)
            .mapToObj(i -> Objects.requireNonNull(gone.host.replica(GROUP + i)))
            .filter(Replica::isLeaderReady)
            .toList();
    for (Replica one : led) {
      assertThat(count(one, "a")).isEqualTo(1);
      await().atMost(SOON).until(() -> everybodyHasAll(one));
    }
    gone.close();
    nodes.remove(gone);

    // Of several groups one: in another, both may have stood in the same moment, and wait.
    Replica next = await().atMost(SOON).until(() -> nextOf(led), Objects::nonNull);
    assertThat(count(next, "b")).isEqualTo(2);
  }

  private @Nullable Replica nextOf(List<Replica> groups) {
    return groups.stream()
        .flatMap(one -> nodes.stream().map(node -> node.host.replica(one.group())))
        .filter(replica -> replica != null && replica.isLeaderReady())
        .findFirst()
        .orElse(null);
  }

  @Test
  void anEntryIsConfirmedByAMajorityOnly() throws Exception {
    start(3);
    Replica leader = leader();
    assertThat(leader.propose(ByteString.EMPTY)).succeedsWithin(SOON);
    assertThat(leader.readBarrier()).succeedsWithin(SOON);

    List<Node> others = nodes.stream().filter(n -> n.host.replica(GROUP) != leader).toList();
    others.forEach(Node::close);
    nodes.removeAll(others);

    assertThat(leader.propose(ByteString.EMPTY)).failsWithin(SOON);
  }

  @Test
  void aCheckpointPurgesTheLogOnlyWhenEveryReplicaHasIt() throws Exception {
    start(3);
    Replica leader = leader();
    write(leader, 60);
    long full = logBytes();

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              nodes.forEach(node -> node.host.checkpoint());
              assertThat(logBytes()).isLessThan(full / 2);
            });

    Node dead =
        nodes.stream().filter(n -> n.host.replica(GROUP) != leader).findFirst().orElseThrow();
    dead.close();
    nodes.remove(dead);
    write(leader, 60);
    long grown = logBytes();
    nodes.forEach(node -> node.host.checkpoint());

    nodes.add(open(addresses.get(Integer.parseInt(dead.host.peerId().substring(0, 1)) - 1)));
    assertThat(grown).isGreaterThan(60 * (32L << 10));
    await().atMost(SOON).until(() -> leader().isCaughtUp(dead.host.peerId(), 2_000, 0));
  }

  @Test
  void aLeaderThatWasAwayComesBackAfterItsSuccessorPurged() throws Exception {
    start(3);
    write(leader(), 60);
    Replica leader = leaderOfAll();
    Node dead =
        nodes.stream().filter(n -> n.host.replica(GROUP) == leader).findFirst().orElseThrow();
    dead.close();
    nodes.remove(dead);

    // The new term begins a new file: the successor may purge all that the dead one had, and must
    // still be able to say what comes before the first entry that the dead one lacks.
    write(leader(), 60);
    for (Node node : nodes) {
      node.host.checkpoint();
    }
    ClusterNode address = addresses.get(Integer.parseInt(dead.host.peerId().substring(0, 1)) - 1);
    nodes.add(open(address));

    await().atMost(SOON).until(() -> leader().isCaughtUp(dead.host.peerId(), 2_000, 0));
  }

  /** The leader, whoever it is by then, when all others have what it has. */
  private Replica leaderOfAll() {
    return await().atMost(SOON).until(this::leader, this::everybodyHasAll);
  }

  private boolean everybodyHasAll(Replica leader) {
    return nodes.stream()
        .filter(node -> node.host.replica(leader.group()) != leader)
        .allMatch(node -> leader.isCaughtUp(node.host.peerId(), 2_000, 0));
  }

  private static void write(Replica leader, int entries) throws Exception {
    ByteString large = ByteString.copyFrom(new byte[32 << 10]);
    List<CompletableFuture<ByteString>> all = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      all.add(leader.propose(large));
    }
    for (CompletableFuture<ByteString> one : all) {
      one.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Files may go while they are counted: that is what is being waited for. */
  private long logBytes() throws IOException {
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.getFileName().toString().startsWith("log_")) {
              bytes.addAndGet(attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return bytes.get();
  }
}
