package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.client.Cleanup;
import io.flotilla.client.Compression;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.client.ProducerOptions;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.client.TopicSettings;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.workload.FileChanges;
import io.flotilla.cluster.workload.Refusal;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.DescribeTopicRequest;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.TrimPartitionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Of each key the last event stays, on all replicas, through a leader's death. */
class CompactedTopicTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final TopicSettings COMPACTED =
      TopicSettings.NONE
          .withCleanup(Cleanup.COMPACT)
          .withCompactionLagMin(Duration.ZERO)
          .withCompactionDirtyPercent(1);

  @RegisterExtension
  static final TestCluster cluster = TestCluster.of(3).with("topics:\n  cleanup-interval: 500ms");

  @Test
  void aHistoryOfFilesCompactsToOneEventAFileThoughALeaderDies() {
    List<Event> history = FileChanges.load();
    Map<String, String> last = new HashMap<>();
    history.forEach(e -> last.put(FileChanges.text(e.key()), FileChanges.text(e.value())));
    create("files", 3, COMPACTED);

    publish("files", history.subList(0, 60_000));
    int leader = cluster.awaitLeader("files", 0);
    cluster.kill(leader);
    publish("files", history.subList(60_000, history.size()));
    cluster.start(leader);
    cluster.awaitReady();

    Await.until("one event a file is left", SOON, () -> read("files").size() == FileChanges.KEYS);
    List<ReceivedEvent> left = read("files");
    Map<String, String> found = new HashMap<>();
    left.forEach(e -> found.put(e.keyText(), e.valueText()));
    assertThat(found).isEqualTo(last);
    Map<Integer, Long> offsets = new HashMap<>();
    for (ReceivedEvent event : left) {
      assertThat(event.offset()).isGreaterThan(offsets.getOrDefault(event.partition(), -1L));
      offsets.put(event.partition(), event.offset());
    }
    cluster.awaitCaughtUp();
    Script.Result verified = flotilla("verify", "files");
    assertThat(verified.exitCode()).as(verified.output()).isZero();
  }

  @Test
  void aTombstoneTakesItsKeyAwayAndThenGoesItself() {
    create("users", 1, COMPACTED.withTombstoneRetention(Duration.ofSeconds(2)));
    publish("users", List.of(Event.of("1", "Emma"), Event.of("2", "Bruno")));
    publish("users", List.of(Event.tombstone("1")));

    Await.until("only Bruno is left", SOON, () -> read("users").size() == 1);
    assertThat(read("users").get(0).valueText()).isEqualTo("Bruno");
    assertThat(read("users").get(0).offset()).isEqualTo(1);
  }

  @Test
  void eventsWithoutAKeyAreRefusedHoweverTheyCome() {
    create("keyed", 1, COMPACTED);
    PublishRequest keyless =
        PublishRequest.newBuilder()
            .setTopic("keyed")
            .addEvents(
                io.flotilla.proto.types.v1.Event.newBuilder()
                    .setValue(ByteString.copyFromUtf8("whose?")))
            .build();
    for (int node : cluster.ids().toList()) {
      assertThat(Refusal.of(() -> cluster.wire(node).producer().publish(keyless)).reason())
          .isEqualTo(ErrorReason.ERROR_REASON_MISSING_KEY);
    }
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = producer(client)) {
      assertThat(producer.publish("keyed", Event.of("whose?")))
          .failsWithin(SOON)
          .withThrowableThat()
          .withMessageContaining("has no key");
    }
    assertThat(read("keyed")).isEmpty();
  }

  @Test
  void aTopicThatIsOnlyCompactedCannotBeTrimmedAndOneThatIsBothCan() {
    create("kept", 1, COMPACTED);
    publish("kept", List.of(Event.of("1", "Emma")));
    TrimPartitionRequest all =
        TrimPartitionRequest.newBuilder().setTopic("kept").setBeforeOffset(-1).build();
    assertThat(Refusal.of(() -> cluster.anyWire().admin().trimPartition(all)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_POLICY_VIOLATION);

    Script.Result altered = flotilla("topic", "alter", "kept", "--set", "cleanup=both");
    assertThat(altered.exitCode()).as(altered.output()).isZero();
    // The command line asked one node; the others learn of it a moment later.
    for (int node : cluster.ids().toList()) {
      Await.until(
          "node " + node + " knows", SOON, () -> cleanup("kept", node).equals("CLEANUP_BOTH"));
    }
    assertThat(cluster.anyWire().admin().trimPartition(all).getLogStartOffset()).isEqualTo(1);
  }

  private static String cleanup(String topic, int node) {
    DescribeTopicRequest asked = DescribeTopicRequest.newBuilder().setTopic(topic).build();
    return cluster
        .wire(node)
        .admin()
        .describeTopic(asked)
        .getTopic()
        .getSettings()
        .getCleanup()
        .name();
  }

  private static void create(String topic, int partitions, TopicSettings settings) {
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      client.admin().createTopic(NewTopic.of(topic, partitions).withSettings(settings));
    }
    cluster.awaitLeader(topic, 0);
  }

  private static Producer producer(FlotillaClient client) {
    return client.producer(ProducerOptions.builder().compression(Compression.ZSTD).build());
  }

  private static void publish(String topic, List<Event> events) {
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = producer(client)) {
      List<CompletableFuture<Position>> sent =
          events.stream().map(event -> producer.publish(topic, event)).toList();
      sent.forEach(CompletableFuture::join);
    }
  }

  private static List<ReceivedEvent> read(String topic) {
    SubscribeOptions options =
        SubscribeOptions.builder()
            .topic(topic)
            .from(StartPosition.earliest())
            .untilEnd(true)
            .build();
    List<ReceivedEvent> events = new ArrayList<>();
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Subscriber subscriber = client.subscribe(options)) {
      subscriber.forEach(events::add);
    }
    return events;
  }

  private static Script.Result flotilla(String... words) {
    List<String> line = new ArrayList<>(List.of("./flotilla"));
    line.addAll(List.of(words));
    line.addAll(List.of("--server", cluster.server(1)));
    return Script.in(NodeProcess.home()).run(SOON, line.toArray(String[]::new));
  }
}
