package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines that need no cluster: what they say and how they exit. */
final class MainTest {

  private static final String NOBODY = "127.0.0.1:1";

  @Test
  void aloneItShowsTenLines() {
    CommandLineRun run = CommandLineRun.of();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines()).hasSize(10).allMatch(line -> line.length() <= 100);
  }

  @Test
  void anUnknownCommandNamesTheNearestAndRunsNothing() {
    CommandLineRun run = CommandLineRun.of("topik", "list");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("unknown command \"topik\"", "did you mean: flotilla topic");
  }

  @Test
  void anUnknownOptionNamesTheNearest() {
    CommandLineRun run = CommandLineRun.of("topic", "create", "orders", "--partition", "3");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("unknown option \"--partition\"", "--partitions");
  }

  @Test
  void aGroupWithoutAVerbNamesItsVerbs() {
    CommandLineRun run = CommandLineRun.of("topic");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("create, list, describe, alter, trim, move-leader, delete");
  }

  @Test
  void aMissingArgumentAndABadValueAreUsageErrors() {
    assertThat(CommandLineRun.of("topic", "create").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("topic", "create", "x", "--partitions", "many").exitCode())
        .isEqualTo(2);
    assertThat(CommandLineRun.of("subscribe", "x", "--from", "yesterday").err())
        .contains("\"yesterday\" is not a position", "earliest");
    assertThat(CommandLineRun.of("topic", "list", "-o", "xml").err()).contains("\"xml\"", "ndjson");
    assertThat(CommandLineRun.of("topic", "list", "-o", "value").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("topic", "list", "--timeout", "10").err()).contains("10s");
  }

  @Test
  void withJsonTheErrorIsJson() throws Exception {
    CommandLineRun run = CommandLineRun.of("topik", "-o", "json");
    JsonNode error = new ObjectMapper().readTree(run.err());
    assertThat(error.get("reason").asText()).isEqualTo("USAGE");
    assertThat(error.get("code").asInt()).isEqualTo(2);
    assertThat(error.has("message") && error.has("where") && error.has("hint")).isTrue();
  }

  @Test
  void anUnreachableServerExitsWith4AndSaysHowFarItCame() {
    CommandLineRun run = CommandLineRun.of("topic", "list", "-s", NOBODY, "--timeout", "500ms");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("error: cannot list topics", "asked   " + NOBODY, "not connected", "flotilla up");
    assertThat(run.err().lines()).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void theServerComesFromTheEnvironmentUnlessGiven() {
    Map<String, String> environment = Map.of("FLOTILLA_SERVER", "127.0.0.1:2");
    String[] ask = {"topic", "list", "--timeout", "300ms"};
    assertThat(CommandLineRun.with(environment, "", ask).err()).contains("127.0.0.1:2");
    String[] given = {"topic", "list", "--timeout", "300ms", "-s", NOBODY};
    assertThat(CommandLineRun.with(environment, "", given).err())
        .contains(NOBODY)
        .doesNotContain("127.0.0.1:2");
  }

  @Test
  void aServerWithoutAPortIsAUsageError() {
    CommandLineRun run = CommandLineRun.of("topic", "list", "-s", "no port here");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
  }

  @Test
  void deletingWithoutATerminalDemandsYes() {
    CommandLineRun run = CommandLineRun.of("topic", "delete", "orders", "-s", NOBODY);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--yes");
  }

  @Test
  void aNodeNeedsAConfigurationThatExists(@TempDir Path folder) {
    CommandLineRun run = CommandLineRun.of("node", "--config", folder.resolve("x").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("there is no such file");
  }

  @Test
  void upRefusesWhatItCannotDo(@TempDir Path folder) throws Exception {
    String dir = folder.toString();
    assertThat(CommandLineRun.of("up", "--dir", dir, "--nodes", "2").err()).contains("1, 3 or 5");
    assertThat(CommandLineRun.of("up", "--dir", dir, "--node", "1").err()).contains("no cluster");
    assertThat(CommandLineRun.of("up", "--dev", "--nodes", "3").err()).contains("--data DIR");
    assertThat(CommandLineRun.of("up", "--data", dir).err()).contains("without --dev");
    Map<String, String> noPort = Map.of("FLOTILLA_BASE_PORT", "many");
    assertThat(CommandLineRun.with(noPort, "", "up", "--dev").err()).contains("FLOTILLA_BASE_PORT");
    Files.writeString(folder.resolve("cluster.json"), "{");
    CommandLineRun broken = CommandLineRun.of("up", "--dir", dir);
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.err()).contains("cluster.json");
  }

  @Test
  void versionSpeaksJson() throws Exception {
    JsonNode version =
        new ObjectMapper().readTree(CommandLineRun.of("version", "-o", "json").out());
    assertThat(version.get("version").asText()).isNotEmpty();
  }
}
