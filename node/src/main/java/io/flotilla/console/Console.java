package io.flotilla.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.console.events.Events;
import io.flotilla.console.page.Actions;
import io.flotilla.console.page.Pages;
import io.flotilla.console.page.Place;
import io.flotilla.console.watch.Watch;
import io.flotilla.console.web.Answers;
import io.flotilla.console.web.EventStream;
import io.flotilla.console.web.Guard;
import io.flotilla.console.web.Params;
import io.flotilla.console.web.Refusal;
import io.flotilla.console.web.StaticFiles;
import io.flotilla.console.web.Streams;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's side on the node: files, snapshots of pages at {@code /api/pages/NAME}, streams of
 * their changes at {@code /api/live/NAME}, events at {@code /api/events} and {@code /api/event},
 * actions at {@code /api/actions/NAME}. A client of the cluster like any other, connected to its
 * own node when first asked. Requests are answered by four threads {@code flotilla-console}, never
 * by the one that brings them; what is too much is refused. Safe.
 */
public final class Console implements HttpHandler, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final int THREADS = 4;
  private static final int WAITING_MAX = 64;
  private static final Duration CALL_MAX = Duration.ofSeconds(5);
  private static final String PAGES = "/api/pages/";
  private static final String LIVE = "/api/live/";
  private static final String ACTIONS = "/api/actions/";

  private final ConsoleOptions options;
  private final Guard guard;
  private final StaticFiles files = new StaticFiles();
  private final Streams streams = new Streams();
  private final Watch watch = new Watch(() -> client().admin());
  private final Pages pages = new Pages(watch);
  private final Events events = new Events(this::client);
  private final Actions actions = new Actions(this::client, watch);
  private final Place place;
  private final ThreadPoolExecutor threads;
  private @Nullable FlotillaClient client;

  public Console(ConsoleOptions options) {
    this.options = options;
    guard =
        new Guard(
            options.hosts().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet()),
            options.actions());
    place = new Place(options.node(), options.version(), options.actions(), List.of(), 0);
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(WAITING_MAX),
            task -> Streams.daemon(task, "flotilla-console"));
    threads.allowCoreThreadTimeOut(true);
  }

  private synchronized FlotillaClient client() {
    FlotillaClient open = client;
    if (open == null) {
      // Through this node alone: it forwards, and sees the cluster as it does.
      open =
          FlotillaClient.builder(options.server().get())
              .clientName("console")
              .requestTimeout(CALL_MAX)
              .routeToLeaders(false)
              .build();
      client = open;
    }
    return open;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      threads.execute(() -> answer(exchange));
    } catch (RejectedExecutionException e) {
      try (exchange) {
        Answers.refuse(exchange, new Refusal(Refusal.BUSY, "too many requests wait: later"));
      }
    }
  }

  private void answer(HttpExchange exchange) {
    boolean handedOn = false;
    try {
      handedOn = route(exchange);
    } catch (IOException e) {
      LOG.debug("a browser is gone", e);
    } finally {
      if (!handedOn) {
        exchange.close();
      }
    }
  }

  /** Answers, or hands on to a stream; says which. */
  private boolean route(HttpExchange exchange) throws IOException {
    try {
      guard.check(exchange);
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith(ACTIONS)) {
        Object done = actions.run(path.substring(ACTIONS.length()), guard.action(exchange));
        Answers.send(exchange, done);
        return false;
      }
      demandGet(exchange);
      return get(exchange, path);
    } catch (Refusal e) {
      Answers.refuse(exchange, e);
    } catch (FlotillaClientException e) {
      var reason = e.reason();
      Answers.problem(
          exchange,
          status(e),
          reason == null ? null : reason.name(),
          String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("the console failed path={}", exchange.getRequestURI().getPath(), e);
      Answers.problem(exchange, 500, null, "this failed; the node's log says why");
    }
    return false;
  }

  private static void demandGet(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new Refusal(Refusal.BAD_METHOD, "only GET is allowed here");
    }
  }

  private boolean get(HttpExchange exchange, String path) throws IOException, InterruptedException {
    if (path.startsWith(PAGES)) {
      Answers.send(exchange, page(path.substring(PAGES.length()), Params.of(exchange)));
    } else if (path.startsWith(LIVE)) {
      Params params = Params.of(exchange);
      streams.openPage(exchange, stream -> follow(stream, path.substring(LIVE.length()), params));
      return true;
    } else if (path.equals("/api/events")) {
      streams.openScan(exchange, events.stream(Params.of(exchange)));
      return true;
    } else if (path.equals("/api/event")) {
      Answers.send(exchange, events.one(Params.of(exchange)));
    } else {
      files.answer(exchange, path.substring(1));
    }
    return false;
  }

  private Object page(String name, Params params) throws InterruptedException {
    Map<String, Object> answer = new LinkedHashMap<>();
    Object page = pages.page(name, params);
    answer.put("here", place.seenIn(watch.now().cluster()));
    answer.put("page", page);
    return answer;
  }

  /** Sends the page whenever it has changed with a new sample. */
  private void follow(EventStream stream, String name, Params params)
      throws IOException, InterruptedException {
    byte[] sent = new byte[0];
    long sample = 0;
    while (!stream.closed()) {
      try {
        sample = watch.after(sample).number();
        byte[] json = Answers.json(page(name, params));
        if (Arrays.equals(sent, json)) {
          stream.keepAlive();
        } else {
          stream.sendJson("page", json);
          sent = json;
        }
      } catch (FlotillaClientException | IllegalStateException e) {
        boolean gone = e instanceof FlotillaClientException told && status(told) == 404;
        stream.send(
            gone ? "gone" : "problem", Answers.problem(null, String.valueOf(e.getMessage())));
      } catch (Refusal e) {
        stream.send("gone", Answers.problem(null, e.text()));
      }
    }
  }

  private static int status(FlotillaClientException e) {
    return switch (e.code()) {
      case "NOT_FOUND" -> 404;
      case "INVALID_ARGUMENT", "OUT_OF_RANGE" -> 400;
      case "ALREADY_EXISTS", "FAILED_PRECONDITION", "ABORTED" -> 409;
      case "RESOURCE_EXHAUSTED" -> 429;
      default -> 503;
    };
  }

  @Override
  public void close() {
    watch.close();
    streams.close();
    threads.shutdownNow();
    FlotillaClient open;
    synchronized (this) {
      open = client;
    }
    if (open != null) {
      open.close();
    }
  }
}
