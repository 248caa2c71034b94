package io.flotilla.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.node.config.ConfigLoader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks a node whether it is ready hears what it waits for. */
class ReadinessTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SIZE = 3;

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  /** Free ports: of HTTP, clients and Raft, for each node. */
  private static List<Integer> ports() throws IOException {
    List<ServerSocket> open = new ArrayList<>();
    for (int i = 0; i < 3 * SIZE; i++) {
      open.add(new ServerSocket(0));
    }
    List<Integer> ports = open.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket socket : open) {
      socket.close();
    }
    return ports;
  }

  private FlotillaNode node(int id, List<Integer> ports) throws IOException {
    List<String> nodes = new ArrayList<>();
    for (int at = 0; at < SIZE; at++) {
      int client = ports.get(SIZE + at);
      int raft = ports.get(2 * SIZE + at);
      nodes.add("%d@127.0.0.1:%d:%d".formatted(at + 1, client, raft));
    }
    Path file = folder.resolve("node-" + id + ".yaml");
    Files.writeString(
        file,
        "node: {id: %d, dir: \"%s\"}\nhttp: {port: %d}\ncluster: {nodes: [\"%s\"]}\n"
            .formatted(
                id, folder.resolve("n" + id), ports.get(id - 1), String.join("\", \"", nodes)));
    return new FlotillaNode(
        ConfigLoader.load(file, Map.of()),
        (what, cause) -> {
          throw new AssertionError(what, cause);
        });
  }

  private static CompletableFuture<Void> start(FlotillaNode node) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            node.start();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> new Thread(task).start());
  }

  private String ready(int port) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/ready");
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (ConnectException e) {
      return "nobody listens yet";
    }
  }

  @Test
  void aNodeSaysWhatItWaitsForUntilItServes() throws Exception {
    List<Integer> ports = ports();
    try (FlotillaNode first = node(1, ports);
        FlotillaNode second = node(2, ports);
        FlotillaNode third = node(3, ports)) {
      CompletableFuture<Void> alone = start(first);
      await()
          .atMost(SOON)
          .until(
              () -> ready(ports.get(0)),
              "not ready: starting: waits until every node of the new cluster answers\n"::equals);

      CompletableFuture.allOf(alone, start(second), start(third))
          .get(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(ready(ports.get(0))).isEqualTo("ready\n");
    }
  }
}
