package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.Replica;
import io.flotilla.proto.v1.SubscribeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Old events go by themselves or by command, on all replicas alike, and readers are told. */
class RetentionTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ByteString VALUE = ByteString.copyFrom(new byte[200_000]);

  @RegisterExtension
  static final TestCluster cluster = TestCluster.of(3).with("topics:\n  cleanup-interval: 500ms");

  @Test
  void bySizeTheOldestEventsGoOnAllReplicasAlike() {
    cluster.createTopic("sized", 1);
    publish("sized", 40);
    flotilla("topic", "alter", "sized", "--set", "retention.bytes=2MiB");
    long start = awaitLogStart("sized", 20);
    assertThat(start).isLessThanOrEqualTo(40 - 2 * 1024 * 1024 / 200_000);

    Refusal refusal = Refusal.of(() -> read("sized", 0));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    assertThat(refusal.metadata())
        .isEqualTo(Map.of("log_start", Long.toString(start), "end", "40"));
    assertThat(read("sized", start)).isEqualTo(start);

    publish("sized", 20);
    awaitLogStart("sized", start + 10);
    flotilla("verify", "sized");
  }

  @Test
  void byTimeEverythingGoesOnceItIsOldAndAlteringStopsIt() {
    cluster.createTopic("timed", 1);
    publish("timed", 10);
    flotilla("topic", "alter", "timed", "--set", "retention.time=2s");
    assertThat(awaitLogStart("timed", 10)).isEqualTo(10);

    Script.Result altered = flotilla("topic", "alter", "timed", "--reset", "retention.time");
    assertThat(altered.lines()).contains("retention.time: 2s (topic) -> 7d (default)");
    publish("timed", 1);
    assertThat(read("timed", 10)).isEqualTo(10);
    flotilla("verify", "timed");
  }

  @Test
  void anOperatorTrimsBeforeAnOffsetAndATimeAndAllOfIt() {
    cluster.createTopic("trimmed", 2);
    publish("trimmed", 20);
    Script.Result dry =
        run("topic", "trim", "trimmed", "--before", "15", "--partition", "0", "--dry-run");
    assertThat(dry.exitCode()).as(dry.output()).isEqualTo(3);
    assertThat(logStarts("trimmed", 0)).containsOnly(0L);
    Script.Result unsure = run("topic", "trim", "trimmed", "--before", "latest");
    assertThat(unsure.exitCode()).as(unsure.output()).isEqualTo(2);

    flotilla("topic", "trim", "trimmed", "--partition", "0", "--before", "15", "--yes");
    assertThat(awaitLogStart("trimmed", 15)).isEqualTo(15);
    flotilla("topic", "trim", "trimmed", "--before", "time:1971-01-01T00:00:00Z", "--yes");
    assertThat(awaitLogStart("trimmed", 15)).isEqualTo(15);
    flotilla("topic", "trim", "trimmed", "--before", "latest", "--yes");
    assertThat(awaitLogStart("trimmed", 20)).isEqualTo(20);
    Script.Result beyond = run("topic", "trim", "trimmed", "--before", "21", "--yes");
    assertThat(beyond.exitCode()).as(beyond.output()).isEqualTo(1);
  }

  @Test
  void logStartOutlivesTheLossOfAllNodes() {
    cluster.createTopic("kept", 1);
    publish("kept", 10);
    flotilla("topic", "trim", "kept", "--before", "7", "--yes");
    cluster.killAll();
    cluster.start();
    cluster.awaitLeader("kept", 0);
    assertThat(awaitLogStart("kept", 7)).isEqualTo(7);
    assertThat(read("kept", 7)).isEqualTo(7);
  }

  /** Events without a timestamp of their own get the time of their publication. */
  private static void publish(String topic, int events) {
    for (int i = 0; i < events; i++) {
      cluster
          .anyWire()
          .producer()
          .publish(
              PublishRequest.newBuilder()
                  .setTopic(topic)
                  .setPartition(0)
                  .addEvents(Event.newBuilder().setValue(VALUE))
                  .build());
    }
  }

  /** The first event that a reader gets who begins at an offset. */
  private static long read(String topic, long offset) {
    SubscribeRequest request =
        SubscribeRequest.newBuilder()
            .setTopic(topic)
            .addPartitions(0)
            .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_OFFSET).setOffset(offset))
            .setMaxEvents(1)
            .build();
    List<Long> offsets = new ArrayList<>();
    cluster
        .anyWire()
        .consumer()
        .subscribe(request)
        .forEachRemaining(
            answer -> answer.getEventsList().forEach(event -> offsets.add(event.getOffset())));
    return offsets.get(0);
  }

  /** Waits until log start is equal on all replicas, and not below a minimum. */
  private static long awaitLogStart(String topic, long atLeast) {
    Await.until(
        "log start of " + topic + " is equal, and at least " + atLeast,
        SOON,
        () -> {
          List<Long> starts = logStarts(topic, 0);
          return starts.size() == 3
              && starts.get(0) >= atLeast
              && starts.stream().distinct().count() == 1;
        });
    return logStarts(topic, 0).get(0);
  }

  private static List<Long> logStarts(String topic, int partition) {
    return cluster.replicas().stream()
        .filter(replica -> replica.getTopic().equals(topic))
        .filter(replica -> replica.getPartition() == partition)
        .map(Replica::getLogStartOffset)
        .toList();
  }

  private static Script.Result flotilla(String... words) {
    Script.Result result = run(words);
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result;
  }

  private static Script.Result run(String... words) {
    List<String> command = new ArrayList<>(List.of("./flotilla"));
    command.addAll(List.of(words));
    command.addAll(List.of("--server", cluster.servers()));
    return Script.in(NodeProcess.home()).run(SOON, command.toArray(String[]::new));
  }
}
