package io.flotilla.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is answered by a console, who is refused, and that neither needs the cluster. */
class ConsoleTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String JSON = "application/json";

  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final List<AutoCloseable> open = new ArrayList<>();
  private int port;

  @BeforeEach
  void serve() throws Exception {
    port = serve(true);
  }

  /** A console of a node that nobody can reach; answers where it listens. */
  private int serve(boolean actions) throws Exception {
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    return serve(actions, nobody);
  }

  private int serve(boolean actions, int nobody) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Console console =
        new Console(
            new ConsoleOptions(
                7, "1.2.3", () -> "127.0.0.1:" + nobody, List.of("Node-7.Example"), actions));
    server.createContext("/", console);
    server.setExecutor(threads);
    server.start();
    open.add(() -> server.stop(0));
    open.add(console);
    return server.getAddress().getPort();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    threads.shutdownNow();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(SOON);
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = to(path);
    return client.send(
        headers.length == 0 ? request.build() : request.headers(headers).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String type, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        to(path).POST(BodyPublishers.ofString(body)).header("Content-Type", type);
    return client.send(
        headers.length == 0 ? request.build() : request.headers(headers).build(),
        BodyHandlers.ofString());
  }

  /** The first line of what is answered to a host of that name, which a client cannot choose. */
  private String status(String host) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /nothing HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return String.valueOf(
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine());
    }
  }

  @Test
  void everyAnswerKeepsStrangeSitesOut() throws Exception {
    for (String path : List.of("/", "/nothing.js", "/api/nothing")) {
      var headers = get(path).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'self'")
          .contains("frame-ancestors 'none'");
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    }
  }

  @Test
  void aNameThatIsPointedHereIsRefused() throws Exception {
    assertThat(status("evil.example")).contains(" 421 ");
    assertThat(status("127.0.0.1.evil.example:9096")).contains(" 421 ");
    assertThat(status("")).contains(" 421 ");
    assertThat(status("localhost:9096")).contains(" 404 ");
    assertThat(status("10.1.2.3:9096")).contains(" 404 ");
    assertThat(status("[::1]:9096")).contains(" 404 ");
    assertThat(status("node-7.EXAMPLE")).contains(" 404 ");
  }

  @Test
  void anotherSiteGetsNothingDone() throws Exception {
    String action = "/api/actions/create-topic";
    String topic = "{\"name\":\"orders\"}";
    assertThat(post(action, "text/plain", topic).statusCode()).isEqualTo(415);
    assertThat(post(action, "application/x-www-form-urlencoded", topic).statusCode())
        .isEqualTo(415);
    assertThat(post(action, JSON, topic, "Origin", "http://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(post(action, JSON, topic, "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(post(action, JSON, topic, "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(get("/api/pages/overview", "Sec-Fetch-Site", "same-site").statusCode())
        .isEqualTo(403);
    assertThat(get(action).statusCode()).isEqualTo(405);
    // What the console itself sends comes through, here to a node that is not there.
    var own = post(action, JSON, topic, "Origin", "http://127.0.0.1:" + port);
    assertThat(own.statusCode()).isEqualTo(503);
  }

  @Test
  void whereOtherMachinesReachItNothingIsChanged() throws Exception {
    port = serve(false);
    var refused = post("/api/actions/create-topic", JSON, "{\"name\":\"orders\"}");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("http.console.actions");
  }

  @Test
  void whatIsRefusedIsReadToItsEndSoThatTheAnswerArrives() throws Exception {
    String body = "\"" + "x".repeat(20 << 20);
    for (int each = 0; each < 20; each++) {
      assertThat(post("/api/actions/publish", JSON, body).body()).contains("more than 2097152");
      assertThat(post("/api/actions/publish", "text/plain", body).statusCode()).isEqualTo(415);
      assertThat(post("/api/pages/overview", JSON, body).statusCode()).isEqualTo(405);
    }
  }

  @Test
  void nonsenseIsRefusedInWords() throws Exception {
    assertThat(post("/api/actions/create-topic", JSON, "[]").body()).contains("JSON object");
    assertThat(post("/api/actions/create-topic", JSON, "{").statusCode()).isEqualTo(400);
    assertThat(post("/api/actions/create-topic", JSON, "{\"name\":\"a\",\"partitions\":0}").body())
        .contains("partitions is a whole number from 1 to 5000");
    assertThat(post("/api/actions/delete-topic", JSON, "{\"name\":\"a\",\"confirm\":\"b\"}").body())
        .contains("type the name");
    assertThat(
            post("/api/actions/move-leader", JSON, "{\"topic\":\"a\",\"partition\":0,\"node\":0}")
                .body())
        .contains("node is a whole number from 1 to");
    assertThat(post("/api/actions/dance", JSON, "{}").statusCode()).isEqualTo(404);
    assertThat(post("/api/actions/publish", JSON, "\"" + "x".repeat(3 << 20)).statusCode())
        .isEqualTo(413);
    assertThat(get("/api/events?from=newest").body()).contains("topic is needed");
    assertThat(get("/api/events?topic=a&from=somewhere").statusCode()).isEqualTo(400);
    assertThat(get("/api/events?topic=a&limit=1001").body()).contains("from 1 to 1000");
    assertThat(get("/api/events?topic=a&resume=1").statusCode()).isEqualTo(400);
    assertThat(get("/../../etc/passwd").statusCode()).isEqualTo(404);
    assertThat(
            client
                .send(
                    to("/").method("PUT", BodyPublishers.noBody()).build(), BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void aClusterThatDoesNotAnswerIsSaid() throws Exception {
    assertThat(get("/api/pages/overview").statusCode()).isEqualTo(503);
  }

  @Test
  void followersAreBounded() throws Exception {
    List<Socket> followers = new ArrayList<>();
    // Whoever connects there waits for an answer that never comes.
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = serve(true, silent.getLocalPort());
      String last = "";
      for (int i = 0; i <= 8 && !last.contains("503"); i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        followers.add(socket);
        socket
            .getOutputStream()
            .write(
                "GET /api/events?topic=a&live=true HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        last =
            String.valueOf(
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine());
      }
      assertThat(last).contains(" 503 ");
    } finally {
      for (Socket socket : followers) {
        socket.close();
      }
    }
  }

  @Test
  void filesAreAskedForAgainOnlyByTheirTag() throws Exception {
    HttpResponse<String> page = get("/");
    if (page.statusCode() == 404) {
      assertThat(page.body()).contains("built without its console");
      return;
    }
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
    String tag = page.headers().firstValue("ETag").orElseThrow();
    assertThat(get("/", "If-None-Match", tag).statusCode()).isEqualTo(304);
    String script = page.body().replaceFirst("(?s).*src=\"\\./(assets/[^\"]+)\".*", "$1");
    HttpResponse<String> packed = get("/" + script, "Accept-Encoding", "gzip");
    assertThat(packed.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
    assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(page.body()).doesNotContain("http://", "https://");
  }
}
