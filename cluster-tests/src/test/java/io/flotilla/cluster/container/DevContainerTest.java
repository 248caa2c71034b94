package io.flotilla.cluster.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Producer;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.SubscribeOptions;
import io.flotilla.client.Subscriber;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** {@code docker run -p 9095:9095 -p 9096:9096 flotilla/flotilla up --dev}. */
@Tag("container")
class DevContainerTest {
  private static final int GRPC = 9095;
  private static final int HTTP = 9096;
  private static final Duration SOON = Duration.ofMinutes(1);

  private static final GenericContainer<?> container =
      new GenericContainer<>(DockerImageName.parse(DockerNetwork.IMAGE))
          .withCommand("up", "--dev")
          .withExposedPorts(GRPC, HTTP)
          .waitingFor(Wait.forLogMessage("(?s).*ready: localhost:9095.*", 1))
          .withStartupTimeout(SOON);

  @BeforeAll
  static void start() {
    DockerNetwork.assumeAvailable();
    container.start();
  }

  @AfterAll
  static void stop() {
    container.stop();
  }

  /** The published port is another one here than the node knows, so all goes by it. */
  @Test
  void anEventIsPublishedAndReadFromOutside() {
    String server = "localhost:" + container.getMappedPort(GRPC);
    SubscribeOptions options =
        SubscribeOptions.builder().topic("notifications").from(StartPosition.earliest()).build();
    try (FlotillaClient client = FlotillaClient.builder(server).routeToLeaders(false).build()) {
      try (Producer producer = client.producer()) {
        assertThat(producer.publish("notifications", Event.of("1", "hello"))).succeedsWithin(SOON);
      }
      try (Subscriber subscriber = client.subscribe(options)) {
        assertThat(subscriber.poll(SOON)).extracting(ReceivedEvent::valueText).contains("hello");
      }
    }
  }

  @Test
  void theConsoleIsThereAndMayChangeThings() throws IOException, InterruptedException {
    URI console = URI.create("http://localhost:" + container.getMappedPort(HTTP) + "/");
    HttpClient http = HttpClient.newHttpClient();

    HttpResponse<String> page =
        http.send(HttpRequest.newBuilder(console).build(), BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<html");
    HttpResponse<String> created =
        http.send(
            HttpRequest.newBuilder(console.resolve("api/actions/create-topic"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"name\": \"clicked\", \"partitions\": 1, \"replicas\": 1}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
  }
}
