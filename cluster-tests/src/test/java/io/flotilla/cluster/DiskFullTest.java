package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.LoopDisk;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.cluster.workload.Batches;
import io.flotilla.cluster.workload.RawStream;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.cluster.workload.ReplicaDump;
import io.flotilla.cluster.workload.Seeds;
import io.flotilla.cluster.workload.Verdict;
import io.flotilla.cluster.workload.Workload;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.DeleteTopicRequest;
import io.flotilla.proto.v1.DiskState;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerServiceGrpc.ProducerServiceBlockingStub;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Disks fill up: writes are refused before that harms anything, everything else goes on, and writes
 * are accepted again by themselves. Each node has a disk of 400 MiB, of which it warns below 75
 * MiB, refuses below 50 MiB and keeps 25 MiB in reserve.
 */
@Tag("long")
class DiskFullTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SOME = 300;
  private static final long MIB = 1 << 20;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3).onDisks(400 * MIB);

  @AfterEach
  void free() {
    cluster.ids().forEach(node -> cluster.disk(node).free());
    cluster.ids().forEach(node -> await(node, DiskState.DISK_STATE_NORMAL));
  }

  @Test
  void fillingADiskFillsIt() {
    LoopDisk disk = cluster.disk(1);

    disk.fill(120 * MIB);
    assertThat(disk.freeBytes()).isBetween(110 * MIB, 121 * MIB);
    disk.free();
    assertThat(disk.freeBytes()).isGreaterThan(200 * MIB);
  }

  @Test
  void aFullDiskRefusesWritesUntilItIsFreedAndNothingIsLost() {
    cluster.createTopic("orders", 3);
    cluster.createTopic("probe", 1);
    long seed = Seeds.next("DiskFullTest");
    try (Workload workload = Workload.start(cluster.servers(), "orders", 2, seed)) {
      workload.awaitAcknowledged(SOME, SOON);

      cluster.disk(2).fill(65 * MIB);
      await(2, DiskState.DISK_STATE_WARN);
      workload.awaitAcknowledged(SOME, SOON);
      cluster.disk(2).fill(40 * MIB);
      await(2, DiskState.DISK_STATE_FULL);
      awaitRefused("probe", 0);

      for (int partition = 0; partition < 3; partition++) {
        assertThat(ReplicaDump.read(cluster.wire(2), "orders", partition)).isNotEmpty();
      }

      cluster.disk(2).free();
      await(2, DiskState.DISK_STATE_NORMAL);

      workload.awaitAcknowledged(SOME, SOON);
      Verdict.sound(cluster, workload);
    }
  }

  @Test
  void unaryPublishStreamAndForwardingAreRefusedAlike() {
    cluster.createTopic("payments", 1);
    int full = cluster.awaitLeader("payments", 0);

    cluster.disk(full).fill(40 * MIB);
    await(full, DiskState.DISK_STATE_FULL);
    awaitRefused("payments", 0);

    // One of them leads, the others forward. A new leader may not have heard for a moment.
    for (int node = 1; node <= 3; node++) {
      Wire wire = cluster.wire(node);
      Await.until("unary publish is refused", SOON, () -> isRefused(wire, "payments", 0));
      Await.until("a stream is refused", SOON, () -> isStreamRefused(wire));
    }
    assertFull(Refusal.of(() -> publish(cluster.wire(full).producer())), full);
  }

  private static boolean isStreamRefused(Wire wire) {
    try (RawStream stream = RawStream.on(wire)) {
      stream.open(OpenPublish.getDefaultInstance());
      return stream.settle(batch()).getReject().getFailure().getReason()
          == ErrorReason.ERROR_REASON_DISK_FULL;
    }
  }

  @Test
  void topicsAreDeletedButNotCreatedWhileTooFewNodesHaveRoom() {
    cluster.createTopic("old", 1);
    int full = cluster.awaitMetadataLeader() % 3 + 1;

    cluster.disk(full).fill(40 * MIB);
    await(full, DiskState.DISK_STATE_FULL);
    awaitRefused("old", 0);

    Await.until("the metadata's leader has heard", SOON, () -> isCreateRefused("new", 3));
    assertFull(Refusal.of(() -> create("new", 3, false)), full);
    create("small", 2, false);
    var unused =
        cluster
            .anyWire()
            .admin()
            .deleteTopic(DeleteTopicRequest.newBuilder().setTopic("old").build());
  }

  @Test
  void theReserveIsGivenUpBeforeTheDiskEndsAndKeptAgainAfterwards() {
    cluster.createTopic("reserve", 1);
    var reserve = cluster.node(3).data().resolve("disk-reserve");
    Await.until("the reserve is complete", SOON, () -> Files.size(reserve) > 20 * MIB);

    cluster.disk(3).fill(5 * MIB);

    Await.until("the reserve is given up", SOON, () -> !Files.exists(reserve));
    Await.until("its space is free", SOON, () -> cluster.disk(3).freeBytes() > 20 * MIB);
    assertThat(cluster.node(3).isRunning()).isTrue();
    cluster.disk(3).free();
    Await.until(
        "the reserve is kept again",
        SOON,
        () -> Files.exists(reserve) && Files.size(reserve) > 20 * MIB);
  }

  @Test
  void aNodeIsStartedOnAFullDisk() {
    cluster.createTopic("start", 1);
    cluster.disk(1).fill(5 * MIB);
    await(1, DiskState.DISK_STATE_FULL);

    cluster.restart(1);
    cluster.awaitReady();

    await(1, DiskState.DISK_STATE_FULL);
    assertThat(ReplicaDump.read(cluster.wire(1), "start", 0)).isEmpty();
  }

  private static void await(int node, DiskState state) {
    Await.until(
        "the disk of node " + node + " is " + state,
        SOON,
        () -> cluster.describe(node).getDiskState() == state);
  }

  /** Every leader has heard of it: until then a write may get through. */
  private static void awaitRefused(String topic, int partition) {
    Await.until(
        "writes are refused",
        SOON,
        () -> {
          int leader = cluster.leaderOf(topic, partition);
          return leader != 0 && isRefused(cluster.wire(leader), topic, partition);
        });
  }

  private static boolean isRefused(Wire wire, String topic, int partition) {
    try {
      var unused = wire.producer().publish(request(topic, partition));
      return false;
    } catch (StatusRuntimeException e) {
      return Refusal.from(e).reason() == ErrorReason.ERROR_REASON_DISK_FULL;
    }
  }

  private static void assertFull(Refusal refusal, int node) {
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_DISK_FULL);
    assertThat(refusal.message()).contains("the disk of node " + node + " is full");
    assertThat(refusal.metadata()).containsEntry("node", Integer.toString(node));
  }

  private static void publish(ProducerServiceBlockingStub stub) {
    var unused = stub.publish(request("payments", 0));
  }

  private static PublishRequest request(String topic, int partition) {
    return PublishRequest.newBuilder()
        .setTopic(topic)
        .setPartition(partition)
        .addEvents(Event.newBuilder().setValue(ByteString.copyFromUtf8("x")))
        .build();
  }

  private static PublishBatch batch() {
    return PublishBatch.newBuilder()
        .setBatchId(1)
        .setTopic("payments")
        .setPartition(0)
        .setEncoded(Batches.plain(Batches.event("k", "v")))
        .build();
  }

  private static boolean isCreateRefused(String topic, int replicas) {
    try {
      create(topic, replicas, true);
      return false;
    } catch (StatusRuntimeException e) {
      return Refusal.from(e).reason() == ErrorReason.ERROR_REASON_DISK_FULL;
    }
  }

  private static void create(String topic, int replicas, boolean validateOnly) {
    var unused =
        cluster
            .anyWire()
            .admin()
            .createTopic(
                CreateTopicRequest.newBuilder()
                    .setTopic(topic)
                    .setPartitions(1)
                    .setReplicationFactor(replicas)
                    .setValidateOnly(validateOnly)
                    .build());
  }
}
