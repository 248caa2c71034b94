package io.flotilla.cluster.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NewTopic;
import io.flotilla.client.Position;
import io.flotilla.client.Producer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A node in a container plans its memory by the container's limit, and stays within its plan. */
@Tag("container")
class ContainerMemoryTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int GRPC = 9095;
  private static final long MIB = 1 << 20;
  private static final int AT_REST_MAX = 300;
  private static final int BESIDE = 256;

  /** A heap is a whole number of regions of 4 MiB. */
  private static final int REGION = 4;

  private static final Pattern PLAN =
      Pattern.compile(
          "memory plan total=(\\d+)MiB heap=(\\d+)MiB direct=(\\d+)MiB store=(\\d+)MiB");

  /** What a node's log says, in MiB. */
  private record Plan(int total, int heap, int direct, int store) {
    static Plan of(String log) {
      Matcher plan = PLAN.matcher(log);
      assertThat(plan.find()).as(log).isTrue();
      return new Plan(number(plan, 1), number(plan, 2), number(plan, 3), number(plan, 4));
    }

    private static int number(Matcher plan, int group) {
      return Integer.parseInt(plan.group(group));
    }

    int sum() {
      return heap + direct + store + BESIDE;
    }
  }

  @BeforeAll
  static void demandContainers() {
    DockerNetwork.assumeAvailable();
  }

  private static GenericContainer<?> container(int mib, String... arguments) {
    return new GenericContainer<>(DockerImageName.parse(DockerNetwork.IMAGE))
        .withCommand(arguments)
        .withEnv("FLOTILLA_NODE_ID", "1")
        .withEnv("FLOTILLA_CLUSTER_NODES", "1@localhost:9095:9097")
        .withExposedPorts(GRPC)
        .withCreateContainerCmdModifier(c -> c.getHostConfig().withMemory(mib * MIB))
        .withStartupTimeout(SOON);
  }

  /** A line of a process' status, in MiB. */
  private static long mib(GenericContainer<?> container, String process, String what)
      throws IOException, InterruptedException {
    String status = container.execInContainer("cat", "/proc/" + process + "/status").getStdout();
    Matcher line = Pattern.compile(what + ":\\s+(\\d+) kB").matcher(status);
    assertThat(line.find()).as(status).isTrue();
    return Long.parseLong(line.group(1)) / 1024;
  }

  /** The default, and one whose configuration is named: both are sized. */
  @ParameterizedTest
  @CsvSource({
    "1024, node, 307, 96",
    "2048, node, 614, 154",
    "2048, node --config /opt/flotilla/node.yaml, 614, 154",
    "4096, node, 1228, 307",
  })
  void aNodePlansByTheLimit(int limit, String arguments, int share, int store) {
    try (GenericContainer<?> container = container(limit, arguments.split(" "))) {
      container.waitingFor(Wait.forLogMessage("(?s).*memory plan.*", 1)).start();
      Plan plan = Plan.of(container.getLogs());

      assertThat(plan.total()).isEqualTo(limit);
      assertThat(plan.heap()).isBetween(share, share + REGION);
      assertThat(plan.direct()).isEqualTo(share);
      assertThat(plan.store()).isBetween(store - 1, store + 1);
      assertThat(plan.sum()).isLessThan(limit);
      assertThat(container.getLogs()).doesNotContain("may grow to");
    }
  }

  @Test
  void aGibibyteSufficesAtRestAndUnderLoad() throws Exception {
    try (GenericContainer<?> container = container(1024, "node")) {
      container.waitingFor(Wait.forHealthcheck()).start();
      long rest = mib(container, "1", "VmRSS");
      assertThat(rest).as("at rest").isLessThan(AT_REST_MAX);

      load("localhost:" + container.getMappedPort(GRPC), 400);

      long most = mib(container, "1", "VmHWM");
      System.out.printf("node in 1 GiB: %d MiB at rest, %d at most under load%n", rest, most);
      assertThat(most).isLessThan(Plan.of(container.getLogs()).sum());
      assertThat(killedForMemory(container)).isFalse();
    }
  }

  @Test
  void aDevelopersNodeIsSizedToo() throws Exception {
    try (GenericContainer<?> container = container(1024, "up", "--dev")) {
      container.waitingFor(Wait.forLogMessage("(?s).*ready: localhost:9095.*", 1)).start();
      // The brackets keep the search from finding itself.
      String search = "grep -l 'io.flotilla.node.[M]ain' /proc/[0-9]*/cmdline | cut -d / -f 3";
      String node = container.execInContainer("sh", "-c", search).getStdout().strip();
      String command = container.execInContainer("cat", "/proc/" + node + "/cmdline").getStdout();
      assertThat(command).contains("-Xmx268m", "-XX:MaxDirectMemorySize=268m");

      load("localhost:" + container.getMappedPort(GRPC), 200);

      long most = mib(container, node, "VmHWM") + mib(container, "1", "VmHWM");
      System.out.printf("up --dev in 1 GiB: %d MiB at most under load%n", most);
      assertThat(most).isLessThan(1024);
      assertThat(killedForMemory(container)).isFalse();
    }
  }

  private static boolean killedForMemory(GenericContainer<?> container) {
    var state = container.getCurrentContainerInfo().getState();
    return Boolean.TRUE.equals(state.getOOMKilled()) || !Boolean.TRUE.equals(state.getRunning());
  }

  /** So many MiB in events of 100 KiB that cannot be compressed much, as fast as they go. */
  private static void load(String server, int mib) {
    byte[] value = new byte[100 << 10];
    new java.util.Random(1).nextBytes(value);
    try (FlotillaClient client = FlotillaClient.builder(server).routeToLeaders(false).build()) {
      client.admin().createTopic(NewTopic.of("load", 4));
      try (Producer producer = client.producer()) {
        List<CompletableFuture<Position>> results = new ArrayList<>();
        for (int i = 0; i < mib * 10; i++) {
          results.add(producer.publish("load", Event.of(null, value)));
        }
        for (CompletableFuture<Position> result : results) {
          assertThat(result).succeedsWithin(SOON);
        }
      }
    }
  }
}
