package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.LoopDisk;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.SlowDisk;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.proto.internal.v1.HelloRequest;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.DiskState;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.PublishRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The faults of network, disks and clocks are real: what is isolated is isolated, what lost its
 * power has lost what was not synced. Each heals.
 */
@Tag("campaign")
class VerbsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int SOME = 20;
  private static final ErrorReason DISK_FULL = ErrorReason.ERROR_REASON_DISK_FULL;

  @RegisterExtension
  static final TestCluster cluster = TestCluster.of(3).onNetwork().onDisks(512L << 20).withClocks();

  @AfterEach
  void everythingIsWhole() {
    cluster.heal();
    cluster.ids().filter(node -> !cluster.node(node).isRunning()).forEach(cluster::start);
    cluster.awaitReady();
  }

  @Test
  void isolatedNodeIsReachedByClientsAlone() {
    cluster.isolate(1);

    assertThat(cluster.network().passes(1, 2)).isFalse();
    assertThat(cluster.network().passes(3, 1)).isFalse();
    assertThat(cluster.network().passes(2, 3)).isTrue();
    var topics = cluster.wire(1).admin().listTopics(ListTopicsRequest.getDefaultInstance());
    assertThat(topics.isInitialized()).isTrue();

    cluster.heal();
    assertThat(cluster.network().passes(1, 2)).isTrue();
  }

  @Test
  void cutOneWayLeavesTheOtherWayOpen() {
    cluster.cutOneWay(1, 2);

    int asked = echoesAskedOf(2);
    assertThat(cluster.network().passes(1, 2)).isFalse();
    assertThat(echoesAskedOf(2)).as("2 does not hear 1").isEqualTo(asked);
    asked = echoesAskedOf(1);
    assertThat(cluster.network().passes(2, 1)).as("2 hears no answer of 1").isFalse();
    assertThat(echoesAskedOf(1)).as("1 hears 2").isGreaterThan(asked);
  }

  private static int echoesAskedOf(int node) {
    List<String> command = new ArrayList<>(cluster.network().enter(node));
    command.addAll(List.of("grep", "^Icmp:", "/proc/net/snmp"));
    List<String> lines = Script.in(Path.of("/")).run(SOON, command.toArray(String[]::new)).lines();
    int column = List.of(lines.get(0).split(" ", -1)).indexOf("InEchos");
    return Integer.parseInt(List.of(lines.get(1).split(" ", -1)).get(column));
  }

  @Test
  void powerLossKeepsWhatWasSyncedAndNothingElse() throws IOException {
    LoopDisk.assumePowerCanBeCut();
    Path kept = cluster.node(2).data().resolve("kept");
    Path lost = cluster.node(2).data().resolve("lost");
    Files.writeString(kept, "kept");
    try (FileChannel file = FileChannel.open(kept, StandardOpenOption.READ);
        FileChannel folder = FileChannel.open(kept.getParent(), StandardOpenOption.READ)) {
      file.force(true);
      folder.force(true);
    }
    Files.writeString(lost, "lost");

    cluster.losePower(List.of(2));

    assertThat(cluster.node(2).isRunning()).isFalse();
    assertThat(kept).hasContent("kept");
    assertThat(lost).doesNotExist();
    Files.delete(kept);
  }

  @Test
  void slowDisksMakePublishingSlow() {
    SlowDisk.assumeAvailable();
    cluster.createTopic("slow", 1);
    Duration fast = publishSome("slow");
    // A majority: an entry is committed without a single slow node.
    cluster.slowDisk(1, 10);
    cluster.slowDisk(2, 10);

    Duration slow = publishSome("slow");

    assertThat(slow).isGreaterThan(Duration.ofMillis(SOME * 90L)).isGreaterThan(fast);
    cluster.heal();
    assertThat(publishSome("slow")).isLessThan(slow.dividedBy(2));
  }

  private static Duration publishSome(String topic) {
    int leader = cluster.awaitLeader(topic, 0);
    long begin = System.nanoTime();
    for (int i = 0; i < SOME; i++) {
      publish(leader, topic);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static void publish(int node, String topic) {
    var unused =
        cluster
            .wire(node)
            .producer()
            .publish(
                PublishRequest.newBuilder()
                    .setTopic(topic)
                    .setPartition(0)
                    .addEvents(Event.newBuilder().setValue(utf8("x")))
                    .build());
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFrom(text, StandardCharsets.UTF_8);
  }

  @Test
  void filledDiskIsFullAndFreedOneIsNot() {
    cluster.createTopic("full", 1);
    int leader = cluster.awaitLeader("full", 0);

    cluster.fillDisk(leader);

    Await.until(
        "the node says that its disk is full",
        SOON,
        () -> cluster.describe(leader).getDiskState() == DiskState.DISK_STATE_FULL);
    Await.until("it refuses to write", SOON, () -> refusal("full") == DISK_FULL);
    cluster.heal();
    Await.until("it writes again", SOON, () -> refusal("full") != DISK_FULL);
  }

  private static ErrorReason refusal(String topic) {
    try {
      publish(cluster.awaitLeader(topic, 0), topic);
      return ErrorReason.ERROR_REASON_UNSPECIFIED;
    } catch (StatusRuntimeException e) {
      return Refusal.from(e).reason();
    }
  }

  @Test
  void jumpedClockIsWrongByAsMuchAndTheOthersAreNot() {
    cluster.jumpClock(3, Duration.ofHours(2));

    Await.until("node 3 has another time", SOON, () -> offMillis(3) > 3_600_000);
    assertThat(offMillis(3)).isCloseTo(Duration.ofHours(2).toMillis(), within(5_000L));
    assertThat(offMillis(1)).isCloseTo(0, within(5_000L));
    cluster.jumpClock(3, Duration.ofMinutes(-30));
    Await.until("it goes back", SOON, () -> offMillis(3) < 0);
  }

  private static long offMillis(int node) {
    return cluster.wire(node).peers().hello(HelloRequest.getDefaultInstance()).getTimeUnixMs()
        - System.currentTimeMillis();
  }
}
