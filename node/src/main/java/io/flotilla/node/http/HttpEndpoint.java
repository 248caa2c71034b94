package io.flotilla.node.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.flotilla.node.config.HttpConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET} of {@code /live} (the process works; never depends on other nodes), {@code
 * /ready} (it serves: 200, else 503 and why not), {@code /metrics} (Prometheus' text) and, where
 * that is switched on, {@code /metrics/partitions}, with {@code ?topic=} of one topic alone;
 * everything else is the console's, which brings its own threads. Four threads {@code
 * flotilla-http}, of which metrics take two at most; nothing at all when no port is set. Safe.
 */
public final class HttpEndpoint implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
  private static final int THREADS = 4;

  /** The other threads answer whether the node lives, however long its disk takes. */
  private static final int SCRAPES_MAX = 2;

  private static final int BACKLOG = 16;
  private static final Set<String> OURS =
      Set.of("/live", "/ready", "/metrics", "/metrics/partitions");
  private static final String TOPIC = "topic=";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpConfig config;
  private final Supplier<String> notReady;
  private final Supplier<String> metrics;
  private final @Nullable UnaryOperator<String> partitions;
  private final @Nullable HttpHandler console;
  private final Semaphore scrapes = new Semaphore(SCRAPES_MAX);
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "flotilla-http");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable HttpServer server;

  /**
   * @param notReady why the node does not serve; empty = it does
   * @param partitions the metrics of a topic's partitions, or of all if it is empty; null = not
   *     told
   * @param console answers what is not asked for above, and ends those exchanges; null = not served
   */
  public HttpEndpoint(
      HttpConfig config,
      Supplier<String> notReady,
      Supplier<String> metrics,
      @Nullable UnaryOperator<String> partitions,
      @Nullable HttpHandler console) {
    this.config = config;
    this.notReady = notReady;
    this.metrics = metrics;
    this.partitions = partitions;
    this.console = console;
  }

  /** Listens, if a port is set. */
  public void start() {
    if (config.port() == 0) {
      return;
    }
    try {
      HttpServer open =
          HttpServer.create(new InetSocketAddress(config.host(), config.port()), BACKLOG);
      open.createContext("/", this::answer);
      open.setExecutor(threads);
      open.start();
      server = open;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on http.host " + config.host() + ", http.port " + config.port(), e);
    }
    LOG.info("listening for HTTP address={}:{}", config.host(), config.port());
  }

  private void answer(HttpExchange exchange) throws IOException {
    HttpHandler others = console;
    if (others != null && !OURS.contains(exchange.getRequestURI().getPath())) {
      others.handle(exchange);
      return;
    }
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET");
        send(exchange, HttpURLConnection.HTTP_BAD_METHOD, TEXT, "only GET is allowed\n");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/live" -> send(exchange, HttpURLConnection.HTTP_OK, TEXT, "live\n");
        case "/ready" -> {
          String why = notReady.get();
          int code = why.isEmpty() ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE;
          send(exchange, code, TEXT, why.isEmpty() ? "ready\n" : "not ready: " + why + "\n");
        }
        case "/metrics" -> answerMetrics(exchange, metrics);
        case "/metrics/partitions" -> answerPartitions(exchange, partitions);
        default ->
            send(
                exchange,
                HttpURLConnection.HTTP_NOT_FOUND,
                TEXT,
                "not here; there are /live, /ready and /metrics\n");
      }
    }
  }

  private void answerMetrics(HttpExchange exchange, Supplier<String> text) throws IOException {
    if (!scrapes.tryAcquire()) {
      send(exchange, HttpURLConnection.HTTP_UNAVAILABLE, TEXT, "others are being told: later\n");
      return;
    }
    try {
      send(exchange, HttpURLConnection.HTTP_OK, PROMETHEUS, text.get());
    } finally {
      scrapes.release();
    }
  }

  private void answerPartitions(HttpExchange exchange, @Nullable UnaryOperator<String> of)
      throws IOException {
    if (of == null) {
      send(
          exchange,
          HttpURLConnection.HTTP_NOT_FOUND,
          TEXT,
          "not here: six series a replica are told where metrics.partitions is true\n");
      return;
    }
    String query = exchange.getRequestURI().getQuery();
    String topic = query != null && query.startsWith(TOPIC) ? query.substring(TOPIC.length()) : "";
    answerMetrics(exchange, () -> of.apply(topic));
  }

  private static void send(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    HttpServer open = server;
    if (open != null) {
      open.stop(0);
    }
    threads.shutdownNow();
  }
}
