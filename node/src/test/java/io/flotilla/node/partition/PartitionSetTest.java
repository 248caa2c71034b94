package io.flotilla.node.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.config.ClusterNode;
import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.config.RaftConfig;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.log.PartitionGroupMachine;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.RaftListener;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The partitions of one node over real Raft and a real store; the metadata is written by hand. */
class PartitionSetTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final PartitionId ORDERS = new PartitionId(1, 0);

  @TempDir Path folder;
  private ClusterNode self = new ClusterNode(1, "127.0.0.1", 1, 1);
  private volatile MetadataImage image = MetadataImage.EMPTY;
  private Store store;
  private RaftHost raft;
  private PartitionSet partitions;

  @BeforeEach
  void start() throws IOException {
    if (self.raftPort() == 1) {
      try (ServerSocket free = new ServerSocket(0)) {
        self = new ClusterNode(1, "127.0.0.1", 1, free.getLocalPort());
      }
    }
    store = RocksStore.open(folder.resolve("store"), RocksSettings.defaults(), (what, cause) -> {});
    raft =
        new RaftHost(
            RaftConfig.defaults(),
            folder.resolve("raft"),
            "1.aa",
            self,
            store,
            group -> new PartitionGroupMachine(group, store, (p, s, h) -> advanced(p, s, h)),
            new Quiet());
    partitions =
        new PartitionSet(
            raft,
            store,
            RaftConfig.defaults(),
            PartitionConfig.defaults(),
            BatchLimits.defaults(),
            System::currentTimeMillis,
            () -> image);
    raft.start();
    partitions.start();
  }

  private void advanced(PartitionId id, long logStart, long highWatermark) {
    partitions.advanced(id, logStart, highWatermark);
  }

  private record Quiet() implements RaftListener {
    @Override
    public void leaderReady(long group, long term) {}

    @Override
    public void leaderChanged(long group) {}

    @Override
    public void fatal(String what, Throwable cause) {
      throw new AssertionError(what, cause);
    }
  }

  @AfterEach
  void close() {
    partitions.close();
    raft.close();
    store.close();
  }

  private void restart() throws IOException {
    close();
    start();
  }

  /** Topic 1 with one partition in group 1000, or what is left when it was deleted. */
  private MetadataImage topic(boolean there) {
    NodeInfo node = new NodeInfo(1, "aa", "127.0.0.1", 1, self.raftPort(), "", "");
    TopicInfo orders =
        new TopicInfo(1, "orders", 1, 0, List.of(1000L), TopicSettings.getDefaultInstance());
    GroupInfo group = new GroupInfo(1000, List.of("1.aa"), List.of(ORDERS), 0, 0);
    return new MetadataImage(
        there ? 2 : 3,
        new TreeMap<>(Map.of(1, node)),
        there ? new TreeMap<>(Map.of("orders", orders)) : new TreeMap<>(),
        there ? Map.of(1, orders) : Map.of(),
        there ? new TreeMap<>(Map.of(1000L, group)) : new TreeMap<>(),
        2,
        1001);
  }

  private void publishMetadata(MetadataImage next) {
    image = next;
    partitions.metadataChanged();
  }

  private Partition led() {
    return await()
        .atMost(SOON)
        .until(() -> partitions.get(ORDERS), partition -> partition != null && partition.leads());
  }

  private static AppendBatch batch(String value) {
    Event event =
        Event.newBuilder()
            .setValue(com.google.protobuf.ByteString.copyFromUtf8(value))
            .setTimestampUnixMs(1)
            .build();
    return AppendBatch.newBuilder()
        .setBatch(BatchCodec.encode(List.of(event), Compression.COMPRESSION_NONE))
        .setFirstSequence(-1)
        .build();
  }

  @Test
  void whatIsAppendedCanBeReadAndWaitersAreSignalled() throws Exception {
    publishMetadata(topic(true));
    Partition orders = led();
    CountDownLatch signalled = new CountDownLatch(1);
    orders.awaitBeyond(0, signalled::countDown);

    assertThat(orders.append(batch("a"))).succeedsWithin(SOON);

    assertThat(signalled.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(orders.read(0, 1).batches()).hasSize(1);
    assertThat(orders.read(0, 1).nextOffset()).isEqualTo(1);
    assertThat(orders.end()).succeedsWithin(SOON).isEqualTo(1L);
  }

  private static final long HOUR_MS = 3_600_000;

  /** Retention of an hour, over three replicas of which the others' clocks are given. */
  private LogCleaner hourly(Map<Integer, Long> others, AtomicLong clockMs) {
    GroupInfo group = new GroupInfo(1000, List.of("1.aa", "2.bb", "3.cc"), List.of(ORDERS), 1, 1);
    MetadataImage three =
        new MetadataImage(
            image.revision(),
            image.nodes(),
            image.topics(),
            image.topicsById(),
            new TreeMap<>(Map.of(1000L, group)),
            image.nextTopicId(),
            image.nextGroup());
    TopicSettings hour =
        TopicSettings.newBuilder().setRetentionMs(HOUR_MS).setRetentionBytes(-1).build();
    return new LogCleaner(
        1, partitions, () -> three, hour, nodes -> others, clockMs::get, System::nanoTime);
  }

  @Test
  void retentionTrimsWhatIsOldByMostClocksNotByOneThatLeaps() throws Exception {
    publishMetadata(topic(true));
    Partition orders = led();
    assertThat(orders.append(batch("a"))).succeedsWithin(SOON);
    long now = System.currentTimeMillis();
    AtomicLong here = new AtomicLong(now + 2 * HOUR_MS);

    for (Map<Integer, Long> others :
        List.of(Map.of(2, now, 3, now), Map.of(2, now), Map.<Integer, Long>of())) {
      try (LogCleaner cleaner = hourly(others, here)) {
        cleaner.check();
      }
    }
    assertThat(orders.append(batch("b"))).succeedsWithin(SOON);
    assertThat(orders.logStartOffset()).isZero();

    here.set(now + 3 * HOUR_MS);
    try (LogCleaner cleaner = hourly(Map.of(2, now + 2 * HOUR_MS, 3, now), here)) {
      cleaner.check();
    }
    await().atMost(SOON).until(() -> orders.logStartOffset() == 2);
    assertThat(orders.state().getStoredBytes()).isZero();
  }

  @Test
  void manySmallAppendsShareFewEntries() throws Exception {
    publishMetadata(topic(true));
    Partition orders = led();
    long before = orders.status().appliedIndex();

    List<CompletableFuture<Appended>> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      all.add(orders.append(batch("event " + i)));
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i))
          .succeedsWithin(SOON)
          .extracting(Appended::firstOffset)
          .isEqualTo(i + 0L);
    }

    assertThat(orders.status().appliedIndex() - before).isLessThan(500);
  }

  @Test
  void tooManyBytesInFlightAreRefusedUntilThereIsRoom() throws Exception {
    publishMetadata(topic(true));
    Partition orders = led();
    AppendBatch large = batch("x".repeat(900_000));
    List<CompletableFuture<Appended>> all = new ArrayList<>();

    CompletableFuture<Appended> refused = orders.append(large);
    while (!refused.isCompletedExceptionally()) {
      all.add(refused);
      refused = orders.append(large);
    }
    CountDownLatch room = new CountDownLatch(1);
    orders.awaitRoom(room::countDown);

    assertThatThrownBy(refused::join)
        .cause()
        .isInstanceOfSatisfying(
            FlotillaException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_THROTTLED);
              assertThat(e.retryAfter()).isPositive();
            });
    assertThat(room.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(orders.append(large)).succeedsWithin(SOON);
    all.forEach(one -> assertThat(one).succeedsWithin(SOON));
  }

  @Test
  void aDeletedTopicLeavesNothingBehind() throws Exception {
    publishMetadata(topic(true));
    Partition orders = led();
    assertThat(orders.append(batch("a"))).succeedsWithin(SOON);

    publishMetadata(topic(false));

    await().atMost(SOON).until(() -> LogReader.partitions(store).isEmpty());
    assertThat(orders.closed()).isTrue();
    assertThat(partitions.get(ORDERS)).isNull();
    await().atMost(SOON).until(() -> raft.groups().isEmpty());
  }

  @Test
  void aTopicDeletedWhileTheNodeWasDownIsSweptAfterwards() throws Exception {
    publishMetadata(topic(true));
    assertThat(led().append(batch("a"))).succeedsWithin(SOON);

    image = topic(false);
    restart();

    await().atMost(SOON).until(() -> LogReader.partitions(store).isEmpty());
    await().atMost(SOON).until(() -> raft.groups().isEmpty());
    for (Table table :
        List.of(Table.EVENTS, Table.TIMES, Table.MARKS, Table.PRODUCERS, Table.PARTITIONS)) {
      assertThat(StoreRows.of(store, table)).as("%s", table).isEmpty();
    }
  }

  @Test
  void metadataOlderThanAGroupNeverRemovesIt() throws Exception {
    publishMetadata(topic(true));
    assertThat(led().append(batch("a"))).succeedsWithin(SOON);

    // As a node sees it whose metadata has not caught up: the numbers are not given out yet.
    image =
        new MetadataImage(
            1, topic(true).nodes(), new TreeMap<>(), Map.of(), new TreeMap<>(), 1, 1000);
    restart();
    partitions.metadataChanged();
    await().atMost(SOON).until(() -> raft.replica(1000) != null);
    publishMetadata(topic(true));

    assertThat(led().read(0, 1).batches()).hasSize(1);
  }
}
