package io.flotilla.cluster.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.FreePorts;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Tools;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus reads a real cluster by the rules that are shipped: the dashboard's questions
 * have answers, nothing is wrong with a cluster that is well, and somebody is paged for a node that
 * is down.
 */
@Tag("long")
class PrometheusTest {
  private static final int NODES = 3;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** The rule waits for a minute. */
  private static final Duration PAGED_WITHIN = Duration.ofMinutes(3);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a cluster that is well has nothing to tell of: panels that are empty then. */
  private static final List<String> OF_TROUBLE =
      List.of("reason!~", "-deriv(", "flotilla_end_to_end", "group_standstill");

  @RegisterExtension static final TestCluster cluster = TestCluster.of(NODES).withHttp();
  @TempDir static Path folder;
  private static Process prometheus;
  private static String url;

  @BeforeAll
  static void start() throws IOException {
    Tools.assume("Prometheus", "prometheus --version && promtool --version");
    String targets =
        IntStream.rangeClosed(1, NODES)
            .mapToObj(node -> "\"127.0.0.1:" + cluster.httpPort(node) + "\"")
            .collect(Collectors.joining(", "));
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["%s"]
        scrape_configs:
          - job_name: flotilla
            static_configs: [{targets: [%s]}]
        """
            .formatted(Shipped.FOLDER.resolve("alerts.yaml").toAbsolutePath(), targets));
    Script.Result checked =
        Script.in(folder).run(SOON, "promtool", "check", "config", config.toString());
    assertThat(checked.exitCode()).as(checked.output()).isZero();
    int port = FreePorts.take(1).get(0);
    url = "http://127.0.0.1:" + port;
    prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (prometheus != null) {
      prometheus.destroy();
      prometheus.waitFor(SOON.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static JsonNode get(String path) throws IOException, InterruptedException {
    String body =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
            .body();
    JsonNode answer = JSON.readTree(body);
    assertThat(answer.path("status").asText()).as("%s: %s", path, body).isEqualTo("success");
    return answer.get("data");
  }

  private static JsonNode query(String expression) throws IOException, InterruptedException {
    return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .get("result");
  }

  /** Rule to its state: inactive, pending or firing. */
  private static Map<String, String> alerts() throws IOException, InterruptedException {
    Map<String, String> states = new TreeMap<>();
    for (JsonNode group : get("/api/v1/rules").get("groups")) {
      for (JsonNode rule : group.get("rules")) {
        assertThat(rule.get("health").asText()).as(rule.toString()).isNotEqualTo("err");
        if (rule.get("health").asText().equals("ok")) {
          states.put(rule.get("name").asText(), rule.get("state").asText());
        }
      }
    }
    return states;
  }

  private static void awaitUp(int nodes) {
    Await.until(
        nodes + " nodes are read",
        SOON,
        () -> {
          JsonNode up = query("sum(up{job=\"flotilla\"})");
          return up.size() == 1 && up.get(0).get("value").get(1).asText().equals("" + nodes);
        });
  }

  @Test
  void prometheusAnswersTheDashboardAndPagesForANodeThatIsDown() throws Exception {
    UsedCluster.use(cluster, "orders");
    awaitUp(NODES);
    Await.until("all rules are evaluated", SOON, () -> alerts().size() == Shipped.rules().size());
    Await.untilNone(
        "every panel has an answer",
        SOON,
        () -> {
          UsedCluster.publish(cluster, "orders", 100);
          UsedCluster.read(cluster, "orders", 100);
          return empty();
        });
    // The disk is the machine's.
    Map<String, String> well = alerts();
    well.remove("FlotillaDiskFullSoon");
    assertThat(well.values()).as(well.toString()).containsOnly("inactive");

    cluster.kill(3);
    awaitUp(NODES - 1);
    Await.until(
        "somebody is paged for the node that is down",
        PAGED_WITHIN,
        () -> "firing".equals(alerts().get("FlotillaNodeDown")));
    assertThat(alerts().get("FlotillaPartitionsLeaderless")).isNotEqualTo("firing");

    cluster.start(3);
    Await.until(
        "the page is taken back", SOON, () -> "inactive".equals(alerts().get("FlotillaNodeDown")));
  }

  /** Questions of the dashboard without an answer, but for those that are of trouble only. */
  private static List<String> empty() throws IOException, InterruptedException {
    List<String> empty = new ArrayList<>();
    for (String expression : Shipped.expressions()) {
      if (expression.contains("$") && OF_TROUBLE.stream().noneMatch(expression::contains)) {
        String asked =
            expression
                .replace("$__rate_interval", "30s")
                .replaceAll("\\$(node|topic|group|cluster)", ".+");
        if (query(asked).isEmpty()) {
          empty.add(asked);
        }
      }
    }
    return empty;
  }
}
