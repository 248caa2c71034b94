package io.flotilla.cluster.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Tools;
import io.flotilla.cluster.workload.Seeds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The console as operators use it: Chromium, driven by the scripts in {@code src/test/console}, on
 * three nodes in use. Long for what a browser takes. Skipped, aloud, without Node.js or Chromium;
 * never in CI. Pictures are in {@code target/console}. In order, for the last ones hurt the
 * cluster.
 */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleTest {
  private static final Path SCRIPTS = NodeProcess.home().resolve("cluster-tests/src/test/console");
  private static final Path PICTURES = NodeProcess.home().resolve("cluster-tests/target/console");
  private static final Duration INSTALL_MAX = Duration.ofMinutes(3);
  private static final Duration RUN_MAX = Duration.ofMinutes(9);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int NODES = 3;
  private static final int MANY = 1_000;

  /** What the snapshot of a page may take, in bytes before compression, whatever there is. */
  private static final int SNAPSHOT_MAX = 50_000;

  private static final Duration SNAPSHOT_WITHIN = Duration.ofMillis(500);
  private static final int TRIES = 5;
  private static final int QUERIES = Integer.getInteger("flotilla.queries", 300);
  private static final int SAID_EACH = 100;
  private static final int FLOOD = Integer.getInteger("flotilla.flood", 300_000);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(NODES).withHttp();
  private static Life life;
  private static HttpServer control;

  @BeforeAll
  static void prepare() throws IOException {
    Tools.assumeNpm();
    Tools.assume("Chromium", "chromium --version");
    Script.Result installed =
        Script.in(SCRIPTS)
            .run(INSTALL_MAX, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
    assertThat(installed.exitCode()).as(installed.output()).isZero();
    life = new Life(cluster);
    control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    control.createContext("/kill/", exchange -> answer(exchange, cluster::kill));
    control.createContext("/start/", exchange -> answer(exchange, cluster::start));
    control.createContext("/flood/", exchange -> answer(exchange, ConsoleTest::flood));
    control.start();
  }

  @AfterAll
  static void end() {
    if (life != null) {
      life.close();
      control.stop(0);
    }
  }

  private interface Action {
    void on(int node);
  }

  private static void answer(HttpExchange exchange, Action action) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      action.on(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  /** Publishes so many events, as fast as they are taken. */
  private static void flood(int events) {
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers());
        Producer producer = client.producer()) {
      for (int i = 0; i < events; i++) {
        var unused = producer.publish("fast", Event.of("customer-" + i % 100, "order " + i));
      }
      producer.flush();
    }
  }

  private static String base(int node) {
    return "http://127.0.0.1:" + cluster.httpPort(node);
  }

  /** Runs a script, and shows what it says. */
  private static void run(String script) {
    String bases =
        IntStream.rangeClosed(1, NODES)
            .mapToObj(ConsoleTest::base)
            .collect(Collectors.joining(","));
    Script.Result result =
        Script.in(SCRIPTS)
            .run(
                RUN_MAX,
                "env",
                "CONSOLES=" + bases,
                "PICTURES=" + PICTURES,
                "CONTROL=http://127.0.0.1:" + control.getAddress().getPort(),
                "FLOOD=" + FLOOD,
                "node",
                "--test",
                script);
    System.out.println(result.output());
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  @Test
  @Order(1)
  void everyPageIsSoundInBothThemesOnAPhoneAndOnADesk() {
    run("pages.test.mjs");
  }

  @Test
  @Order(2)
  void searchesFindWhatIsThereAndNothingElse() throws Exception {
    Random random = new Random(Seeds.next("ConsoleTest"));
    SearchModel model = new SearchModel(base(2), life.known(), random);
    long began = System.nanoTime();
    for (int i = 1; i <= QUERIES; i++) {
      model.compare();
      if (i % SAID_EACH == 0 || i == QUERIES) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf(
            "%d queries equal the model, in %d searches and %d s%n",
            i, model.searches(), took.toSeconds());
      }
    }
  }

  @Test
  @Order(3)
  void operatorsGetWhatTheyComeFor() {
    run("flows.test.mjs");
  }

  @Test
  @Order(4)
  void whatIsTooFastToReadIsCountedAndNotKept() {
    cluster.createTopic("fast", 3);
    run("live.test.mjs");
    life.forget("fast");
  }

  @Test
  @Order(5)
  void pagesStaySmallAndQuickWithAThousandPartitions() throws Exception {
    cluster.createTopic("many", MANY);
    HttpClient client = HttpClient.newHttpClient();
    for (String page :
        List.of("overview", "topics", "topic?name=many", "groups", "group?name=billing", "nodes")) {
      URI uri = URI.create(base(1) + "/api/pages/" + page);
      Await.until("page " + page + " is quick", SOON, () -> quick(client, uri));
    }
    life.forget("many");
  }

  /** The quickest of a few answers is quick; all are small. */
  private static boolean quick(HttpClient client, URI uri) throws Exception {
    Duration best = SOON;
    int bytes = 0;
    for (int i = 0; i < TRIES; i++) {
      long began = System.nanoTime();
      HttpResponse<byte[]> answer =
          client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      best = took.compareTo(best) < 0 ? took : best;
      bytes = answer.body().length;
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(bytes).as("%s", uri).isLessThan(SNAPSHOT_MAX);
    }
    System.out.println(uri.getPath() + " " + bytes + " bytes in " + best.toMillis() + " ms");
    return best.compareTo(SNAPSHOT_WITHIN) < 0;
  }

  @Test
  @Order(6)
  void whatIsWrongIsSaidAndPagesComeBackByThemselves() {
    run("faults.test.mjs");
  }
}
