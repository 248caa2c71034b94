package io.flotilla.cluster.figures;

import com.sun.net.httpserver.HttpServer;
import io.flotilla.client.Event;
import io.flotilla.cluster.figures.SteadyLoad.Window;
import io.flotilla.cluster.harness.TestCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * What it costs to be watched: the same load at a pace that leaves the machine room, so that CPU
 * for the same work can be compared, in turns with nobody looking, with each node's metrics read
 * every second, with two pages of the console open on each node, and with every event in a trace
 * whose spans go to a collector. Of a cluster of its own. Confined to the caller's thread, but for
 * the watchers.
 */
final class WatchFigures {
  private static final int ROUNDS = Integer.getInteger("figures.rounds", 7);
  private static final double EVENTS_PER_SECOND = Integer.getInteger("figures.pace", 8_000);
  private static final Duration WINDOW = Duration.ofSeconds(20);
  private static final Duration CHANGE = Duration.ofSeconds(1);
  private static final Duration WARM_UP = Duration.ofSeconds(40);
  private static final List<String> PAGES = List.of("live/overview", "live/topics");
  private static final byte[] TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(StandardCharsets.US_ASCII);

  private final TestCluster cluster;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong told = new AtomicLong();
  private volatile Watch watch = Watch.NOBODY;

  /** Who looks. */
  private enum Watch {
    NOBODY,
    METRICS,
    CONSOLE,
    TRACES
  }

  private WatchFigures(TestCluster cluster) {
    this.cluster = cluster;
  }

  static void run(int nodes) throws IOException, InterruptedException {
    AtomicLong spanBytes = new AtomicLong();
    HttpServer collector = collector(spanBytes);
    String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
    try (TestCluster cluster =
        TestCluster.of(nodes).withHttp().with("tracing: {otlp-url: \"" + url + "\"}").start()) {
      new WatchFigures(cluster).measure();
      System.out.printf(
          "%d nodes  spans that were collected, KB: %d%n", nodes, spanBytes.get() >> 10);
    } finally {
      collector.stop(0);
    }
  }

  private void measure() throws InterruptedException {
    Map<Watch, List<Window>> windows = new EnumMap<>(Watch.class);
    try (SteadyLoad load = SteadyLoad.start(cluster, "watched", EVENTS_PER_SECOND, this::dress)) {
      load.window(WARM_UP);
      for (int round = 0; round < ROUNDS; round++) {
        for (Watch next : Watch.values()) {
          watch = next;
          List<Thread> watchers = watchers(next);
          load.window(CHANGE);
          windows.computeIfAbsent(next, none -> new ArrayList<>()).add(load.window(WINDOW));
          watch = Watch.NOBODY; // They look at it, at least each second.
          for (Thread watcher : watchers) {
            watcher.join();
          }
        }
      }
      List<Window> unwatched = Objects.requireNonNull(windows.get(Watch.NOBODY));
      double speed = median(unwatched, Window::megabytesPerSecond);
      double cost = median(unwatched, Window::cpuSecondsPerGb);
      windows.forEach(
          (by, of) ->
              System.out.printf(
                  "%d nodes  watched by %-8s  %.1f MB/s (%+.1f %%), %.1f node CPU-s/GB"
                      + " (%+.1f %%)%n",
                  cluster.size(),
                  by,
                  median(of, Window::megabytesPerSecond),
                  100 * (median(of, Window::megabytesPerSecond) / speed - 1),
                  median(of, Window::cpuSecondsPerGb),
                  100 * (median(of, Window::cpuSecondsPerGb) / cost - 1)));
      System.out.printf(
          "%d nodes  read by watchers, KB: %d; %d events failed%n",
          cluster.size(), told.get() >> 10, load.failed());
    }
  }

  private Event dress(Event event) {
    return watch == Watch.TRACES ? event.withHeader("traceparent", TRACEPARENT) : event;
  }

  private List<Thread> watchers(Watch by) {
    List<Thread> watchers = new ArrayList<>();
    for (int node : cluster.ids().toList()) {
      URI root = URI.create("http://127.0.0.1:" + cluster.httpPort(node) + "/");
      switch (by) {
        case METRICS -> watchers.add(new Thread(() -> scrape(root.resolve("metrics"))));
        case CONSOLE ->
            PAGES.forEach(
                page -> watchers.add(new Thread(() -> follow(root.resolve("api/" + page)))));
        default -> {}
      }
    }
    watchers.forEach(Thread::start);
    return watchers;
  }

  private void scrape(URI metrics) {
    try {
      while (watch == Watch.METRICS) {
        read(metrics, Watch.METRICS);
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until its end; a page of the console has none, and news at least each second. */
  private void read(URI from, Watch by) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(from).build();
    try (InputStream body = http.send(request, BodyHandlers.ofInputStream()).body()) {
      byte[] buffer = new byte[16 << 10];
      for (int read = body.read(buffer); read >= 0 && watch == by; read = body.read(buffer)) {
        told.addAndGet(read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void follow(URI page) {
    try {
      read(page, Watch.CONSOLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static double median(List<Window> windows, ToDoubleFunction<Window> of) {
    return windows.stream().mapToDouble(of).sorted().toArray()[windows.size() / 2];
  }

  private static HttpServer collector(AtomicLong bytes) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          bytes.addAndGet(exchange.getRequestBody().readAllBytes().length);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
