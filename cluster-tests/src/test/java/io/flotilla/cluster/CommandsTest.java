package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cli.Main;
import io.flotilla.cli.output.Terminal;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.TestCluster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** get, search, top and --watch on a real node; what they find is compared with a plain list. */
class CommandsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int EVENTS = 900;
  private static final int QUERIES = Integer.getInteger("flotilla.queries", 40);
  private static final int KEYS = 25;
  private static final int PARTITIONS = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension static final TestCluster cluster = TestCluster.of(1);

  /** An event as it was published, and where it is. */
  private record Sent(Position position, String key, int amount) {
    String place() {
      return position.partition() + "@" + position.offset();
    }
  }

  private record Run(int exitCode, String out, String err) {}

  private static Run flotilla(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-s", cluster.servers()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(new ByteArrayInputStream(new byte[0]), out, err, "", Map.of());
    int code = Main.run(all.toArray(String[]::new), terminal);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static List<Sent> publish(String topic, Random random) {
    List<Sent> sent = new ArrayList<>();
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      client.admin().createTopic(NewTopic.of(topic, PARTITIONS));
      for (int i = 0; i < EVENTS; i++) {
        String key = "k" + random.nextInt(KEYS);
        int amount = random.nextInt(1_000);
        Event event = Event.of(key, "{\"amount\":" + amount + "}");
        sent.add(new Sent(producer.publish(topic, event).join(), key, amount));
      }
    }
    return sent;
  }

  @Test
  void searchFindsWhatAPlainListHas() throws Exception {
    long seed = Long.getLong("flotilla.seed", System.nanoTime());
    System.out.println("replay with -Dflotilla.seed=" + seed);
    Random random = new Random(seed);
    List<Sent> sent = publish("orders", random);
    for (int i = 0; i < QUERIES; i++) {
      String key = "k" + random.nextInt(KEYS + 1);
      int above = random.nextInt(1_000);
      int from = random.nextInt(300);
      int until = from + random.nextInt(300);
      boolean byKey = random.nextBoolean();
      List<String> words =
          new ArrayList<>(List.of("search", "orders", "-o", "{{partition}}@{{offset}}"));
      words.addAll(List.of("--where", ".amount>" + above));
      words.addAll(List.of("--from", "offset:" + from, "--until", "offset:" + until));
      if (byKey) {
        words.addAll(List.of("--key", key));
      }
      Run run = flotilla(words.toArray(String[]::new));
      List<String> expected =
          sent.stream()
              .filter(each -> each.amount() > above && (!byKey || each.key().equals(key)))
              .filter(each -> each.position().offset() >= from)
              .filter(each -> each.position().offset() < until)
              .map(Sent::place)
              .toList();
      assertThat(run.out().lines())
          .as("%s: %s", words, run.err())
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(run.exitCode()).isEqualTo(expected.isEmpty() ? 1 : 0);
      assertThat(run.err()).contains(" found; scanned ").doesNotContain("not all");
    }
    assertThat(flotilla("search", "orders", "--max", "3", "-o", "ndjson").out().lines()).hasSize(3);

    Sent newest =
        sent.stream().filter(each -> each.key().equals("k1")).reduce((a, b) -> b).orElseThrow();
    JsonNode got = JSON.readTree(flotilla("get", "orders", "--key", "k1", "-o", "json").out());
    assertThat(got.get("partition").asInt() + "@" + got.get("offset").asLong())
        .isEqualTo(newest.place());
    assertThat(flotilla("get", "orders", newest.place()).out())
        .contains("key        k1", "value      {\"amount\":" + newest.amount() + "}");
    Run beyond = flotilla("get", "orders", "0@999999");
    assertThat(beyond.exitCode()).isEqualTo(1);
    assertThat(beyond.err()).contains("NOT_FOUND", "partition 0 has offsets 0 to ");
    assertThat(flotilla("get", "orders", "--key", "nobody").err()).contains("--where key=nobody");
  }

  @Test
  void trimmedEventsAreNamedAsSuch() {
    List<Sent> sent = publish("trimmed", new Random(1));
    assertThat(flotilla("topic", "trim", "trimmed", "--before", "50", "--yes").exitCode()).isZero();
    Run run = flotilla("search", "trimmed", "-o", "{{offset}}");
    assertThat(run.out().lines()).hasSize(sent.size() - PARTITIONS * 50);
    assertThat(run.err()).contains("no longer kept in 3 partitions: 0 before 50");
    assertThat(flotilla("get", "trimmed", "0@5").err()).contains("older events are no longer kept");
  }

  @Test
  void topTellsRatesTopicsAndGroups() throws Exception {
    publish("busy", new Random(2));
    flotilla("subscribe", "busy", "--group", "slow", "--from", "earliest", "--max", "10");
    List<JsonNode> samples = new ArrayList<>();
    for (String line : flotilla("top", "--max", "2", "--every", "200ms").out().lines().toList()) {
      samples.add(JSON.readTree(line));
    }
    assertThat(samples).hasSize(2);
    assertThat(samples.get(0).at("/nodes/0/published_per_second").isNull()).isTrue();
    assertThat(samples.get(1).at("/nodes/0/published_per_second").isNumber()).isTrue();
    assertThat(samples.get(1).at("/nodes/0/state").asText()).isEqualTo("up");
    assertThat(samples.get(1).get("topics").findValuesAsText("topic")).contains("busy");
    JsonNode group = samples.get(1).at("/groups/0");
    assertThat(group.get("group").asText()).isEqualTo("slow");
    assertThat(group.get("lag_events").asLong()).isBetween(EVENTS - 100L, EVENTS - 1L);
    assertThat(group.get("lag_ms").asLong()).isPositive();
  }

  @Test
  void watchingOnAPipeGivesALineASample(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder("./flotilla", "topic", "list", "--watch", "-s", cluster.servers())
            .directory(NodeProcess.home().toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      Await.until("two samples", SOON, () -> Files.readAllLines(out).size() >= 2);
      assertThat(Files.readAllLines(out).subList(0, 2).stream().map(CommandsTest::read))
          .allMatch(JsonNode::isArray);
    } finally {
      process.destroy();
      process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(line, e);
    }
  }

  @Test
  void aProducerCreatesATopicWhereThatIsSwitchedOnAlone() {
    Run refused = flotilla("publish", "nowhere", "--value", "x");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("TOPIC_NOT_FOUND", "flotilla topic create nowhere");
    assertThat(
            flotilla("topic", "list", "-o", "ndjson").out().lines().collect(Collectors.joining()))
        .doesNotContain("nowhere");
  }
}
