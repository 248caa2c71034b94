package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import io.flotilla.cli.Main;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cluster.HelpExample.Kind;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Typed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every example of every help is run, on three nodes where it needs a cluster, and does what it is
 * an example of. Only server, folder, ports, file and offset are put in the place of those that it
 * names, and measurements are short.
 */
class HelpExamplesTest {
  /** Run as it stands by another test. */
  private static final Map<String, Class<?>> ELSEWHERE = Map.of("flotilla demo", DemoTest.class);

  /** May say no: what this machine, or a group that nobody is in, is like is not their fault. */
  private static final Set<String> MAY_SAY_NO =
      Set.of(
          "flotilla explain group billing",
          "flotilla explain group billing -o json",
          "flotilla doctor",
          "flotilla doctor --fail-on warn -o json",
          "flotilla doctor --only DiskFullSoon,ClockSkew");

  /** They look at what others of them take away. */
  private static final Set<String> NEEDING = Set.of("topic", "group", "profile", "get", "search");

  private static final int NO = 1;
  private static final int WOULD_CHANGE = 3;

  /** By SIGTERM: in an order of its own, interrupted, or as Java ends then. */
  private static final Set<Integer> STOPPED = Set.of(0, 130, 143);

  private static final Duration SOON = Duration.ofSeconds(60);

  /** For commands that start nodes, which themselves wait two minutes for those. */
  private static final Duration WITHIN = Duration.ofMinutes(4);

  /** They wait most of the time, but their nodes start at once. */
  private static final int THROW_AWAYS_AT_ONCE = 2;

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @TempDir Path folder;
  private final List<Typed> typed = new ArrayList<>();

  private record Run(int exitCode, String out, String err) {}

  @AfterEach
  void endWhatWasTyped() {
    typed.forEach(Typed::close);
  }

  @Test
  void everyExampleThatAnswersDoes() throws IOException {
    prepare(List.of("all"));
    List<HelpExample> examples = examples(Kind.ANSWERS);
    assertThat(examples.stream().map(HelpExample::text)).containsAll(MAY_SAY_NO);
    for (HelpExample example : examples) {
      List<String> words = example.words();
      if (NEEDING.contains(words.get(0))) {
        prepare(words);
      }
      String typed = words.get(0).equals("group") ? "billing\n" : "orders\n";
      Run run = run(example.inputOr(typed), placed(example.shortened()).words());
      if (run.exitCode() != NO || !MAY_SAY_NO.contains(example.text())) {
        assertThat(run.exitCode())
            .as("%s: %s", example.text(), run.err())
            .isEqualTo(words.contains("--dry-run") ? WOULD_CHANGE : 0);
      }
      assertThat(run.err())
          .as(example.text())
          .doesNotContain("(USAGE)", "\"USAGE\"", "(INTERNAL)", "(LOCAL)", "(TOPIC_NOT_FOUND)");
    }
    System.out.println("examples that answered: " + examples.size());
    assertThat(examples).hasSizeGreaterThan(80);
  }

  @Test
  void whatIsWatchedIsShownUntilItIsStopped() throws IOException {
    prepare(List.of("all"));
    List<HelpExample> examples = examples(Kind.GOES_ON);
    for (HelpExample example : examples) {
      Typed watching = type(placed(example).text());
      // Only what is published while it reads is shown by a subscriber that begins at the end.
      Await.until(
          example.text() + " shows something",
          SOON,
          () -> {
            flotilla("publish", "orders", "--key", "customer-7", "--value", "live");
            assertThat(watching.isAlive()).as("%s: %s", example.text(), watching.said()).isTrue();
            return !watching.said().isEmpty();
          });
      assertThat(watching.stop(SOON)).as(example.text()).isIn(STOPPED);
    }
    System.out.println("examples that were watched: " + examples.size());
    assertThat(examples).hasSizeGreaterThan(5);
  }

  /** A cluster in a folder, whose nodes end one by one and are started again in all ways. */
  @Test
  void nodesAreStartedAndSayThatTheyAreReady() throws IOException {
    List<String> left =
        new ArrayList<>(examples(Kind.NODES).stream().map(HelpExample::text).toList());
    Typed up = type(taken(left, "flotilla up"));
    up.awaitLine("ready: ", WITHIN);

    Typed dev = type(taken(left, "flotilla up --dev"));
    dev.awaitLine("ready: ", WITHIN);
    assertThat(dev.stop(SOON)).isIn(STOPPED);

    endNode(2);
    Typed second = type(taken(left, "flotilla up --dir ./flotilla-data --node 2"));
    second.awaitLine("ready: ", WITHIN);

    endNode(1);
    Typed first = type(taken(left, "flotilla node --config flotilla-data/node-1/config.yaml"));
    awaitServing(1, first);

    endNode(3);
    Path etc = Files.createDirectory(folder.resolve("etc"));
    Files.copy(folder.resolve("flotilla-data/node-3/config.yaml"), etc.resolve("node.yaml"));
    String check = taken(left, "flotilla node --config /etc/flotilla/node.yaml --check");
    Typed checked = type(check.replace("/etc/flotilla", etc.toString()));
    assertThat(checked.awaitEnd(SOON)).as(checked.said()).isZero();
    String third =
        taken(left, "FLOTILLA_JAVA_OPTS=-Xmx4g flotilla node --config /etc/flotilla/node.yaml");
    awaitServing(3, type(third.replace("/etc/flotilla", etc.toString())));

    assertThat(left).as("examples that nobody runs").isEmpty();
    assertThat(first.stop(SOON)).isZero();
    assertThat(second.stop(SOON)).isIn(STOPPED);
    assertThat(up.awaitEnd(SOON)).as("up, whose own nodes have all ended").isEqualTo(NO);
  }

  @Test
  @Tag("long")
  void throwAwayClustersLoseALeaderAndNothingElse() throws IOException {
    List<HelpExample> examples = examples(Kind.THROW_AWAY);
    assertThat(examples).hasSizeGreaterThan(2);
    for (int next = 0; next < examples.size(); next += THROW_AWAYS_AT_ONCE) {
      List<Typed> together = new ArrayList<>();
      for (int i = next; i < Math.min(next + THROW_AWAYS_AT_ONCE, examples.size()); i++) {
        together.add(type(examples.get(i).shortened().text()));
      }
      for (Typed each : together) {
        assertThat(each.awaitEnd(WITHIN)).as(each.said()).isZero();
      }
    }
  }

  private List<HelpExample> examples(Kind kind) throws IOException {
    List<HelpExample> all = HelpExample.all(flotilla("examples", "-o", "json").out());
    assertThat(all.stream().map(HelpExample::text)).containsAll(ELSEWHERE.keySet());
    return all.stream()
        .filter(each -> each.kind() == kind && !ELSEWHERE.containsKey(each.text()))
        .toList();
  }

  private static String taken(List<String> left, String example) {
    assertThat(left).contains(example);
    left.remove(example);
    return example;
  }

  private Typed type(String command) {
    Typed started = Typed.in(folder, environment(), command);
    typed.add(started);
    return started;
  }

  private Run flotilla(String... words) {
    return run("", List.of(words));
  }

  private void done(String... words) {
    Run run = flotilla(words);
    assertThat(run.exitCode()).as("%s: %s", List.of(words), run.err()).isZero();
  }

  private Run run(String input, List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            err,
            "0", // Somebody is there to type a name.
            environment());
    int code = Main.run(words.toArray(String[]::new), terminal);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Map<String, String> environment() {
    return Map.of(
        "FLOTILLA_SERVER", cluster.servers(),
        "FLOTILLA_BASE_PORT", "0", // Any that are free.
        "FLOTILLA_JAVA_OPTS", System.getProperty("flotilla.node.java-opts", ""),
        "XDG_CONFIG_HOME", folder.resolve("c").toString());
  }

  private HelpExample placed(HelpExample example) {
    return example
        .with("localhost:9105", cluster.servers())
        .with("events.ndjson.zst", folder.resolve("events.ndjson.zst").toString())
        .with("120000", "1") // An offset that is there.
        .with("orders/2", "orders/0");
  }

  /** What examples take for granted, anew before each, for some take it away. */
  private void prepare(List<String> words) throws IOException {
    Files.write(
        folder.resolve("events.ndjson.zst"),
        Zstd.compress("{\"key\":\"1\",\"value\":\"a\"}\n".getBytes(StandardCharsets.UTF_8)));
    String value = "{\"amount\":101,\"currency\":\"EUR\",\"state\":\"refused\"}";
    for (String topic : List.of("orders", "notifications")) {
      flotilla("topic", "create", topic); // Refused where it is there already.
      done("publish", topic, "--key", "customer-7", "--header", "trace-id:1", "--value", value);
      done("publish", topic, "--partition", "0", "--value", value);
    }
    done("subscribe", "orders", "--group", "billing", "--from", "earliest", "--max", "1");
    done("profile", "set", "staging", "server=" + cluster.servers());
    if (words.get(0).equals("topic") && words.get(1).equals("create")) {
      done("topic", "delete", "orders", "--yes");
    }
  }

  /** SIGTERM to a node of the folder's cluster, which is to be started again. */
  private void endNode(int node) throws IOException {
    String pid = Files.readString(folder.resolve("flotilla-data/node-" + node + "/pid"));
    ProcessHandle process =
        ProcessHandle.of(Long.parseLong(pid.strip().split(" ", 2)[0])).orElseThrow();
    process.destroy();
    process.onExit().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  private void awaitServing(int node, Typed command) throws IOException {
    JsonNode plan =
        new ObjectMapper().readTree(folder.resolve("flotilla-data/cluster.json").toFile());
    int port = plan.get("nodes").get(node - 1).get("http_port").asInt();
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready")).build();
    Await.until(
        "node " + node + " serves",
        WITHIN,
        () -> {
          assertThat(command.isAlive()).as(command.said()).isTrue();
          try {
            return HttpClient.newHttpClient()
                    .send(ready, HttpResponse.BodyHandlers.discarding())
                    .statusCode()
                == 200;
          } catch (ConnectException notYet) {
            return false;
          }
        });
  }
}
