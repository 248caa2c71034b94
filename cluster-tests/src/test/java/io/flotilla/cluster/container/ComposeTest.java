package io.flotilla.cluster.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Producer;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.FreePorts;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.Tools;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docker compose -f docker/compose.yaml up -d}, by Compose itself: what is shipped, but for
 * the ports of this machine and the project's name, so that nobody's own cluster is in the way or
 * hurt. Prometheus and Grafana are not started: their images would have to be pulled.
 */
@Tag("container")
class ComposeTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final List<String> NODES = List.of("flotilla-1", "flotilla-2", "flotilla-3");

  @TempDir Path folder;
  private final String project = "flotilla-test-" + Long.toHexString(System.nanoTime());
  private final List<Integer> grpc = FreePorts.take(NODES.size());
  private final List<Integer> http = FreePorts.take(NODES.size());

  @BeforeEach
  void demandCompose() throws IOException {
    DockerNetwork.assumeAvailable();
    Tools.assume("Compose", "docker-compose version || docker compose version");
    String shipped = ComposeFiles.text("compose.yaml");
    for (int node = 0; node < NODES.size(); node++) {
      shipped = move(shipped, 9095 + 100 * node, grpc.get(node));
      shipped = move(shipped, 9096 + 100 * node, http.get(node));
    }
    Files.writeString(folder.resolve("compose.yaml"), shipped);
  }

  private static String move(String compose, int from, int to) {
    String moved = compose.replace("\"127.0.0.1:" + from + ":", "\"127.0.0.1:" + to + ":");
    assertThat(moved).as("port " + from).isNotEqualTo(compose);
    return moved;
  }

  @AfterEach
  void down() {
    if (Files.exists(folder.resolve("compose.yaml"))) {
      assertThat(compose("down", "-v", "--timeout", "5").exitCode()).isZero();
    }
  }

  private Script.Result compose(String... arguments) {
    boolean standalone =
        Script.in(folder).run(SOON, "sh", "-c", "command -v docker-compose").exitCode() == 0;
    List<String> command =
        new ArrayList<>(standalone ? List.of("docker-compose") : List.of("docker", "compose"));
    command.addAll(List.of("-p", project, "-f", folder.resolve("compose.yaml").toString()));
    command.addAll(List.of("--project-directory", ComposeFiles.FOLDER.toString()));
    command.addAll(List.of(arguments));
    return Script.in(folder).run(SOON, command.toArray(String[]::new));
  }

  @Test
  void threeNodesAreUpByOneCommandAndUsedThroughTheirPublishedPorts() throws Exception {
    long began = System.nanoTime();
    Script.Result up =
        compose(Stream.concat(Stream.of("up", "-d"), NODES.stream()).toArray(String[]::new));
    assertThat(up.exitCode()).as(up.output()).isZero();
    for (int node = 0; node < NODES.size(); node++) {
      awaitReady(node);
    }
    System.out.printf("compose: ready after %.1f s%n", (System.nanoTime() - began) / 1e9);

    anEventGoesAround();
    // A busy machine may not answer it in time.
    Await.untilNone(
        "the doctor is content",
        SOON,
        () -> {
          List<String> told = compose("exec", "-T", "flotilla-2", "flotilla", "doctor").lines();
          return told.contains("nothing is wrong") ? List.of() : told;
        });
    assertThat(get(http.get(2), "/").body()).contains("<html");

    assertThat(restarts()).as(compose("logs", "--tail", "40").output()).containsOnly("0");

    Script.Result stopped = compose("stop");
    assertThat(stopped.exitCode()).as(stopped.output()).isZero();
    Script.Result states =
        Script.in(folder)
            .run(
                SOON,
                "docker",
                "ps",
                "-a",
                "--filter",
                "label=com.docker.compose.project=" + project,
                "--format",
                "{{.Status}}");
    assertThat(states.lines()).hasSize(NODES.size()).allMatch(one -> one.startsWith("Exited (0)"));
  }

  /** Of each container: Compose starts one again that ends. */
  private List<String> restarts() {
    List<String> command =
        new ArrayList<>(List.of("docker", "inspect", "--format", "{{.RestartCount}}"));
    command.addAll(compose("ps", "-q").lines());
    return Script.in(folder).run(SOON, command.toArray(String[]::new)).lines();
  }

  /** The nodes' own names are not known outside, so all goes by the published ports. */
  private void anEventGoesAround() {
    String servers = grpc.stream().map(p -> "127.0.0.1:" + p).collect(Collectors.joining(","));
    SubscribeOptions options =
        SubscribeOptions.builder().topic("orders").from(StartPosition.earliest()).build();
    try (FlotillaClient client = FlotillaClient.builder(servers).routeToLeaders(false).build()) {
      client.admin().createTopic(NewTopic.of("orders", 3));
      try (Producer producer = client.producer()) {
        assertThat(producer.publish("orders", Event.of("1", "first"))).succeedsWithin(SOON);
      }
      try (Subscriber subscriber = client.subscribe(options)) {
        assertThat(subscriber.poll(SOON)).extracting(ReceivedEvent::valueText).contains("first");
      }
    }
  }

  private void awaitReady(int node) {
    Await.until(
        NODES.get(node) + " is ready",
        SOON,
        () -> {
          try {
            return get(http.get(node), "/ready").statusCode() == 200;
          } catch (IOException e) {
            return false; // Nobody listens yet.
          }
        });
  }

  private static java.net.http.HttpResponse<String> get(int port, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
