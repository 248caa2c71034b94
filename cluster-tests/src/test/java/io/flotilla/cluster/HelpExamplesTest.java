package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import io.flotilla.cli.Main;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.TestCluster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every example of every help is run on a real node: none is a mistake, none asks for a topic that
 * is not there. What starts nodes or measures has tests of its own. Only server, port, file and
 * offset are put in the place of those that an example names.
 */
class HelpExamplesTest {
  private static final Set<String> ELSEWHERE = Set.of("demo", "up", "node", "bench");
  private static final Set<String> CHANGING = Set.of("topic", "group", "profile");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");
  private static final Pattern ECHO = Pattern.compile("echo '([^']*)' \\| (.*)");
  private static final int WOULD_CHANGE = 3;
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(1);

  @TempDir Path folder;

  private record Run(int exitCode, String out, String err) {}

  private Run run(String input, List<String> words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            err,
            "0", // Somebody is there to type a name.
            environment());
    int code = Main.run(words.toArray(String[]::new), terminal);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Map<String, String> environment() {
    return Map.of(
        "FLOTILLA_SERVER", cluster.servers(), "XDG_CONFIG_HOME", folder.resolve("c").toString());
  }

  private Run flotilla(String... words) {
    return run("", List.of(words));
  }

  @Test
  void everyExampleWorks() throws IOException {
    List<String> live = new ArrayList<>();
    int done = 0;
    for (String example : examples()) {
      List<String> words = words(example);
      if (ELSEWHERE.contains(words.get(0))) {
        continue;
      }
      if (isLive(words)) {
        live.add(example);
        continue;
      }
      if (done == 0 || CHANGING.contains(words.get(0))) {
        prepare(words);
      }
      Matcher echo = ECHO.matcher(example);
      String typed = words.get(0).equals("group") ? "billing\n" : "orders\n";
      Run run = run(echo.matches() ? echo.group(1) + "\n" : typed, words);
      // The cluster may say no, for three replicas on one node.
      assertThat(run.exitCode()).as("%s: %s", example, run.err()).isLessThanOrEqualTo(WOULD_CHANGE);
      assertThat(run.err())
          .as(example)
          .doesNotContain("(USAGE)", "\"USAGE\"", "(INTERNAL)", "(LOCAL)", "(TOPIC_NOT_FOUND)");
      done++;
    }
    System.out.println("examples that were run: " + done + ", live ones: " + live.size());
    assertThat(done).isGreaterThan(50);
    goOnUntilTheyAreStopped(live);
  }

  private Set<String> examples() throws IOException {
    Set<String> examples = new TreeSet<>();
    for (JsonNode row : new ObjectMapper().readTree(flotilla("examples", "-o", "json").out())) {
      examples.add(row.get("example").asText());
    }
    return examples;
  }

  /** Words of the command behind a pipe and behind variables, which the environment has. */
  private List<String> words(String example) throws IOException {
    Matcher echo = ECHO.matcher(example);
    String command = echo.matches() ? echo.group(2) : example;
    List<String> words = new ArrayList<>();
    WORD.matcher(command.substring(command.indexOf("flotilla ") + "flotilla ".length()))
        .results()
        .map(HelpExamplesTest::text)
        .forEach(words::add);
    words.replaceAll(
        word ->
            switch (word) {
              case "localhost:9105" -> cluster.servers();
              case "events.ndjson.zst" -> folder.resolve(word).toString();
              case "120000" -> "1"; // An offset that is there.
              default -> word;
            });
    return words;
  }

  private static String text(MatchResult word) {
    for (int group = 1; group <= word.groupCount(); group++) {
      if (word.group(group) != null) {
        return word.group(group);
      }
    }
    throw new IllegalArgumentException("no word: " + word.group());
  }

  private static boolean isLive(List<String> words) {
    boolean ends = words.contains("--max") || words.contains("--until-end");
    return words.contains("--watch")
        || (!ends && (words.get(0).equals("subscribe") || words.get(0).equals("top")));
  }

  /** What examples take for granted, anew before each, for some take it away. */
  private void prepare(List<String> words) throws IOException {
    Files.write(
        folder.resolve("events.ndjson.zst"),
        Zstd.compress("{\"key\":\"1\",\"value\":\"a\"}\n".getBytes(StandardCharsets.UTF_8)));
    for (String topic : List.of("orders", "notifications")) {
      flotilla("topic", "create", topic);
      flotilla("publish", topic, "--key", "customer-7", "--value", "{\"amount\":101}");
    }
    flotilla("subscribe", "orders", "--group", "billing", "--from", "earliest", "--max", "1");
    flotilla("profile", "set", "staging", "server=" + cluster.servers());
    if (words.get(0).equals("topic") && words.get(1).equals("create")) {
      assertThat(flotilla("topic", "delete", "orders", "--yes").exitCode()).isZero();
    }
  }

  private void goOnUntilTheyAreStopped(List<String> live) throws IOException {
    prepare(List.of("all"));
    List<Process> processes = new ArrayList<>();
    try {
      for (String example : live) {
        List<String> command = new ArrayList<>(List.of("./flotilla"));
        command.addAll(words(example));
        Path out = folder.resolve("live-" + processes.size());
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(NodeProcess.home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().putAll(environment());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        processes.add(process);
        // Only what is published while it reads is shown by a subscriber that begins at the end.
        Await.until(
            example + " shows something",
            SOON,
            () -> {
              flotilla("publish", "orders", "--key", "customer-7", "--value", "live");
              assertThat(process.isAlive()).as("%s: %s", example, Files.readString(out)).isTrue();
              return Files.size(out) > 0;
            });
        process.destroy();
      }
    } finally {
      for (Process process : processes) {
        process.destroyForcibly();
        process.onExit().completeOnTimeout(process, SOON.toSeconds(), TimeUnit.SECONDS).join();
      }
    }
  }
}
