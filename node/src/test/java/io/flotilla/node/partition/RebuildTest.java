package io.flotilla.node.partition;

import static io.flotilla.node.partition.RebuildCluster.GROUP;
import static io.flotilla.node.partition.RebuildCluster.ORDERS;
import static io.flotilla.node.partition.RebuildCluster.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.core.log.LogDigest;
import io.flotilla.node.core.log.LogPlace;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.GroupSource.GroupSourceException;
import io.flotilla.node.raft.Replica;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.RegisterNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that missed purged entries are rebuilt from a peer, whatever happens on the way. */
@Tag("campaign")
class RebuildTest {

  /** Less than a segment and a bit: the rest was purged. */
  private static final long LITTLE = 600 << 10;

  @TempDir Path folder;
  private RebuildCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new RebuildCluster(folder);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /** Stops a follower and purges all that it misses; answers its id. */
  private int missing(int batches) throws Exception {
    cluster.append(10);
    cluster.awaitEqual();
    int away = cluster.follower(GROUP);
    cluster.stop(away);
    cluster.append(batches);
    cluster.awaitPurged(GROUP, LITTLE);
    return away;
  }

  /** Appends on and on, on another thread, as long as that says so. */
  private CompletableFuture<Void> write(AtomicBoolean writing) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            while (writing.get()) {
              cluster.append(4);
            }
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  /** Overwrites a stored batch, as no command would. */
  private static void falsify(RebuildCluster.Node node, long offset) {
    byte[] row = "no batch".getBytes(StandardCharsets.UTF_8);
    try (WriteBatch batch = node.store.newBatch()) {
      batch.put(Table.EVENTS, Keys.of(LogPlace.first(ORDERS).number(), offset), row);
      node.store.commit(batch);
    }
    assertThat(whatIsCorrupt(node)).isNotEmpty();
  }

  private static String whatIsCorrupt(RebuildCluster.Node node) {
    return new LogReader(node.store, ORDERS).digest(0, node.end(), Long.MAX_VALUE).corrupt();
  }

  private void assertEqual() {
    cluster.awaitEqual();
    List<LogDigest> digests = new ArrayList<>();
    List<ByteString> chains = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (RebuildCluster.Node node : cluster.running()) {
      LogReader reader = new LogReader(node.store, ORDERS);
      digests.add(reader.digest(0, node.end(), Long.MAX_VALUE));
      chains.add(reader.state().getChain());
      times.add(StoreRows.of(node.store, Table.TIMES).stream().count());
    }
    assertThat(digests).allMatch(digests.get(0)::equals);
    assertThat(digests.get(0).corrupt()).isEmpty();
    assertThat(chains).allMatch(chains.get(0)::equals);
    assertThat(times).allMatch(times.get(0)::equals);
  }

  @Test
  void aReplicaWhoseEntriesWerePurgedIsRebuiltWhileTheLeaderGoesOn() throws Exception {
    int away = missing(120);
    AtomicBoolean writing = new AtomicBoolean(true);
    CompletableFuture<Void> writer = write(writing);

    RebuildCluster.Node back = cluster.start(away);
    await().atMost(SOON).until(() -> back.end() > 130);
    Partition open =
        await().atMost(SOON).until(() -> back.partitions.get(ORDERS), found -> found != null);
    await().atMost(SOON).until(() -> open.highWatermark() > 130);
    writing.set(false);
    writer.get(SOON.toSeconds(), TimeUnit.SECONDS);

    assertThat(cluster.chunksSent.get()).isPositive();
    assertEqual();
    assertThat(open.read(0, 1 << 20).batches()).isNotEmpty();
  }

  @Test
  void whatWasRebuiltOutlivesARestartAndGoesOn() throws Exception {
    int away = missing(60);
    cluster.start(away);
    assertEqual();

    cluster.stop(away);
    cluster.append(5);
    long sent = cluster.chunksSent.get();
    cluster.start(away);

    assertEqual();
    assertThat(cluster.chunksSent.get()).isEqualTo(sent);
  }

  @Test
  void aRebuildThatEndsInTheMiddleLeavesTheOldStateAndStartsClean() throws Exception {
    int away = missing(120);
    CompletableFuture<Void> inTheMiddle = new CompletableFuture<>();
    cluster.onTheWay =
        chunk -> {
          if (chunk.number() == 20) {
            inTheMiddle.complete(null);
            throw new GroupSourceException("cut off");
          }
          return chunk;
        };
    cluster.start(away);
    inTheMiddle.get(SOON.toSeconds(), TimeUnit.SECONDS);
    cluster.stop(away);

    cluster.onTheWay =
        chunk -> {
          throw new GroupSourceException("nothing comes any more");
        };
    RebuildCluster.Node old = cluster.start(away);
    assertThat(old.end()).isEqualTo(10);
    assertThat(StoreRows.of(old.store, Table.PARTITIONS)).hasSize(1);
    assertThat(new LogReader(old.store, ORDERS).read(0, 10, 1 << 30)).hasSize(10);

    cluster.onTheWay = chunk -> chunk;
    assertEqual();
  }

  @Test
  void aStreamThatBreaksIsGoneOnWithAndNotBegunAnew() throws Exception {
    int away = missing(120);
    AtomicInteger breaks = new AtomicInteger();
    cluster.onTheWay =
        chunk -> {
          if (chunk.number() % 20 == 0 && breaks.incrementAndGet() % 2 == 1) {
            throw new GroupSourceException("the connection broke");
          }
          return chunk;
        };
    cluster.start(away);

    assertEqual();
    assertThat(breaks.get()).isGreaterThanOrEqualTo(6);
    // 130 batches of 30 KiB, two a chunk, and few other rows: all once, and those that were lost.
    assertThat(cluster.chunksSent.get()).isLessThan(75 + breaks.get());
  }

  @Test
  void aChunkThatWasDamagedOnTheWayIsNoticedAndEverythingPulledAgain() throws Exception {
    int away = missing(60);
    AtomicBoolean damaged = new AtomicBoolean();
    cluster.onTheWay =
        chunk -> {
          if (chunk.number() == 10 && damaged.compareAndSet(false, true)) {
            byte[] bytes = chunk.block().toByteArray();
            bytes[bytes.length / 2] ^= 1;
            return new GroupChunk(
                10, chunk.table(), chunk.partition(), ByteString.copyFrom(bytes), chunk.crc());
          }
          return chunk;
        };
    cluster.start(away);

    assertEqual();
    assertThat(damaged).isTrue();
  }

  @Test
  void aBatchThatIsDamagedOnThePeersDiskIsNotTaken() throws Exception {
    int away = missing(60);
    AtomicInteger damaged = new AtomicInteger();
    cluster.onTheWay =
        chunk -> {
          if (chunk.table().equals("EVENTS") && damaged.getAndIncrement() == 0) {
            byte[] bytes = chunk.block().toByteArray();
            bytes[bytes.length - 1000] ^= 1;
            return GroupChunk.of(
                chunk.number(), chunk.table(), chunk.partition(), ByteString.copyFrom(bytes));
          }
          return chunk;
        };
    cluster.start(away);

    assertEqual();
  }

  @Test
  void aRunningReplicaWhoseRowsAreWrongIsRebuiltWhileTheLeaderGoesOn() throws Exception {
    cluster.append(60);
    cluster.awaitEqual();
    int leader = cluster.leader(GROUP).id;
    RebuildCluster.Node wrong = cluster.node(cluster.follower(GROUP));
    falsify(wrong, 30);
    // All purge what they may on the way: what the replica applies meanwhile it applies again.
    cluster.onTheWay =
        chunk -> {
          cluster.running().forEach(node -> node.raft.checkpoint());
          return chunk;
        };
    AtomicBoolean writing = new AtomicBoolean(true);
    CompletableFuture<Void> writer = write(writing);

    wrong.raft.quarantine(GROUP, List.of(RebuildCluster.peer(leader)));

    await().atMost(SOON).until(() -> whatIsCorrupt(wrong).isEmpty());
    writing.set(false);
    writer.get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertEqual();
    Replica replica = Objects.requireNonNull(wrong.raft.replica(GROUP));
    await().atMost(SOON).until(() -> !replica.isQuarantined());

    cluster.stop(wrong.id);
    cluster.start(wrong.id);
    cluster.append(5);
    assertEqual();
  }

  @Test
  void aLeaderWhoseRowsAreWrongGivesUpLeadingAndIsRebuilt() throws Exception {
    cluster.append(30);
    cluster.awaitEqual();
    RebuildCluster.Node wrong = cluster.leader(GROUP);
    falsify(wrong, 3);
    List<String> others =
        cluster.running().stream()
            .filter(node -> node != wrong)
            .map(node -> RebuildCluster.peer(node.id))
            .toList();

    wrong.raft.quarantine(GROUP, others);

    await().atMost(SOON).until(() -> whatIsCorrupt(wrong).isEmpty());
    assertThat(cluster.leader(GROUP)).isNotSameAs(wrong);
    cluster.append(5);
    assertEqual();
  }

  /** Holds the rebuild at a chunk. Who was told that it is there has to let it go on. */
  private CompletableFuture<Void> holdAt(long number, CompletableFuture<Void> goOn) {
    CompletableFuture<Void> there = new CompletableFuture<>();
    cluster.onTheWay =
        chunk -> {
          if (chunk.number() == number && there.complete(null)) {
            goOn.join();
          }
          return chunk;
        };
    return there;
  }

  @Test
  void aRebuildWhoseSourceDiesWhileItLeadsIsMadeByTheNextLeader() throws Exception {
    int away = missing(120);
    int leader = cluster.leader(GROUP).id;
    CompletableFuture<Void> dead = new CompletableFuture<>();
    CompletableFuture<Void> inTheMiddle = holdAt(20, dead);
    cluster.start(away);
    inTheMiddle.get(SOON.toSeconds(), TimeUnit.SECONDS);

    cluster.stop(leader);
    dead.complete(null);

    cluster.append(5);
    assertEqual();
    cluster.start(leader);
    assertEqual();
  }

  @Test
  void aTopicThatIsDeletedWhileItsReplicaIsRebuiltLeavesNothing() throws Exception {
    int away = missing(60);
    CompletableFuture<Void> gone = new CompletableFuture<>();
    CompletableFuture<Void> inTheMiddle = holdAt(10, gone);
    RebuildCluster.Node back = cluster.start(away);
    inTheMiddle.get(SOON.toSeconds(), TimeUnit.SECONDS);

    cluster.deleteTopic();
    await().atMost(SOON).until(() -> back.raft.replica(GROUP) == null);
    gone.complete(null);

    for (RebuildCluster.Node node : cluster.running()) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(node.raft.groups()).doesNotContain(GROUP);
                assertThat(StoreRows.of(node.store, Table.EVENTS)).isEmpty();
                assertThat(StoreRows.of(node.store, Table.PARTITIONS)).isEmpty();
              });
    }
  }

  @Test
  void theMetadataIsRebuiltAsWell() throws Exception {
    propose(10);
    int away = cluster.follower(GroupIds.METADATA);
    cluster.stop(away);
    propose(40);
    cluster.awaitPurged(GroupIds.METADATA, LITTLE);
    long revision = cluster.leader(GroupIds.METADATA).metadataRevision();

    RebuildCluster.Node back = cluster.start(away);

    await().atMost(SOON).until(() -> back.metadataRevision() >= revision);
    assertThat(cluster.chunksSent.get()).isPositive();
    propose(1);
    List<String> expected = StoreRows.of(cluster.leader(GroupIds.METADATA).store, Table.METADATA);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(StoreRows.of(back.store, Table.METADATA)).isEqualTo(expected));
  }

  private void propose(int commands) throws Exception {
    Replica leader =
        Objects.requireNonNull(cluster.leader(GroupIds.METADATA).raft.replica(GroupIds.METADATA));
    for (int i = 1; i <= commands; i++) {
      MetadataCommand command =
          MetadataCommand.newBuilder()
              .setRegisterNode(
                  RegisterNode.newBuilder()
                      .setNodeId(1 + i % 3)
                      .setIncarnation("aa")
                      .setHost("h".repeat(20 + i))
                      .setVersion("v".repeat(30_000) + i))
              .build();
      leader.propose(command.toByteString()).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
