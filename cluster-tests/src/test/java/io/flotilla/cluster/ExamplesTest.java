package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.examples.AdminExample;
import io.flotilla.client.examples.GroupExample;
import io.flotilla.client.examples.PublishExample;
import io.flotilla.client.examples.SubscribeExample;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import io.flotilla.cluster.harness.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Java client's examples, which the README quotes, do what they say. */
class ExamplesTest {
  private static final String JAVA_EXAMPLES = "client/src/test/java/io/flotilla/client/examples";
  private static final Duration EXAMPLE_MAX = Duration.ofSeconds(60);
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @Test
  void examplesCreatePublishAndSubscribe() {
    assertThat(run(AdminExample.class)).contains("orders: 6 partitions", "nodes: 3");
    assertThat(run(PublishExample.class)).contains("orders");
    assertThat(run(SubscribeExample.class)).contains("orders-").contains("next: {");
    assertThat(run(GroupExample.class)).contains("orders-").contains("next: {");
  }

  @Test
  void readmeQuotesLinesThatAreRun() throws IOException {
    Path home = NodeProcess.home();
    Set<String> run = new HashSet<>();
    for (String folder : List.of(JAVA_EXAMPLES, "client/examples/java", "client/examples/node")) {
      try (Stream<Path> files = Files.list(home.resolve(folder))) {
        for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|mjs)")).toList()) {
          Files.readAllLines(file).forEach(line -> run.add(line.strip()));
        }
      }
    }
    List<String> quoted =
        Pattern.compile("(?s)```(?:java|js)\n(.*?)```")
            .matcher(Files.readString(home.resolve("README.md")))
            .results()
            .flatMap(block -> block.group(1).lines())
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("//"))
            .toList();
    assertThat(quoted).hasSizeGreaterThan(15).allMatch(run::contains, "is in an example");
  }

  private static String run(Class<?> example) {
    Script.Result result =
        Script.in(NodeProcess.home())
            .run(
                EXAMPLE_MAX,
                JAVA,
                "-cp",
                System.getProperty("java.class.path"),
                example.getName(),
                cluster.servers());
    assertThat(result.exitCode()).as(result.output()).isZero();
    return result.output();
  }
}
