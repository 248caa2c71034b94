package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles: kept for the user, weaker than the environment, which is weaker than a flag. */
final class ProfileCommandTest {

  @TempDir Path config;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void useAFolderOfTheTest() {
    environment.put("XDG_CONFIG_HOME", config.toString());
  }

  private CommandLineRun run(String... words) {
    return CommandLineRun.with(environment, "", words);
  }

  @Test
  void aProfileIsMadeUsedLeftAndRemoved() throws Exception {
    assertThat(run("profile", "set", "staging", "server=127.0.0.1:2", "timeout=300ms").out())
        .contains("profile staging is set", "flotilla profile use staging");
    assertThat(config.resolve("flotilla/profiles.json")).exists();

    assertThat(run("profile", "use", "staging").out()).contains("127.0.0.1:2");
    assertThat(run("topic", "list").err()).contains("asked   127.0.0.1:2");
    assertThat(run("profile", "use", "-").out()).contains("profile default is in use");
    assertThat(run("profile", "use", "-").out()).contains("profile staging is in use");

    JsonNode all = new ObjectMapper().readTree(run("profile", "list", "-o", "json").out());
    assertThat(all).hasSize(2);
    assertThat(all.get(1).get("name").asText()).isEqualTo("staging");
    assertThat(all.get(1).get("current").asBoolean()).isTrue();

    assertThat(run("profile", "set", "staging", "timeout=").exitCode()).isZero();
    assertThat(run("profile", "show").out()).contains("127.0.0.1:2").doesNotContain("timeout");
    assertThat(run("profile", "remove", "staging").out()).contains("default is in use");
    CommandLineRun gone = run("topic", "list", "-p", "staging");
    assertThat(gone.exitCode()).isEqualTo(2);
    assertThat(gone.err()).contains("no profile \"staging\"", "default");
  }

  @Test
  void flagBeforeEnvironmentBeforeProfileBeforeDefault() {
    run("profile", "set", "p", "server=127.0.0.1:2", "timeout=300ms", "output=json");
    String[] ask = {"topic", "list", "--profile", "p"};
    assertThat(run(ask).err()).contains("\"reason\"", "127.0.0.1:2");
    assertThat(run("profile", "show", "--effective").out())
        .containsPattern("profile +default +default")
        .contains("server   localhost:9095");

    environment.put("FLOTILLA_PROFILE", "p");
    environment.put("FLOTILLA_SERVER", "127.0.0.1:3");
    assertThat(run("topic", "list").err()).contains("127.0.0.1:3").doesNotContain("127.0.0.1:2");
    assertThat(run("topic", "list", "-s", "127.0.0.1:4", "-o", "table").err())
        .contains("asked   127.0.0.1:4");
    assertThat(run("profile", "show", "--effective").out())
        .containsPattern("profile +p +FLOTILLA_PROFILE")
        .containsPattern("server +127.0.0.1:3 +FLOTILLA_SERVER")
        .containsPattern("timeout +300ms +profile \"p\"")
        .containsPattern("output +json +profile \"p\"");
  }

  @Test
  void anOutputForEventsDoesNotDisturbOtherCommands() {
    environment.put("FLOTILLA_OUTPUT", "{{key}}");
    assertThat(run("explain", "USAGE").out()).startsWith("USAGE");
    environment.put("FLOTILLA_OUTPUT", "json");
    assertThat(run("version").out()).startsWith("{");
    assertThat(run("completion", "fish").out()).startsWith("#");
    environment.put("FLOTILLA_OUTPUT", "yaml");
    assertThat(run("version").err()).contains("FLOTILLA_OUTPUT", "yaml");
  }

  @Test
  void whatMakesNoSenseIsRefusedAndNothingIsWritten() throws Exception {
    assertThat(run("profile", "set", "p", "server=nowhere").err()).contains("HOST:PORT");
    assertThat(run("profile", "set", "p", "timeout=soon").err()).contains("500ms");
    assertThat(run("profile", "set", "p", "output=yaml").err()).contains("ndjson");
    assertThat(run("profile", "set", "p", "colour=red").err()).contains("server, timeout");
    assertThat(run("profile", "set", "-", "server=a:1").exitCode()).isEqualTo(2);
    assertThat(config.resolve("flotilla")).doesNotExist();

    Files.createDirectories(config.resolve("flotilla"));
    Files.writeString(config.resolve("flotilla/profiles.json"), "{\"current\": ");
    CommandLineRun broken = run("topic", "list");
    assertThat(broken.exitCode()).isEqualTo(1);
    assertThat(broken.err()).contains("profiles.json");
    assertThat(run("topic", "list", "--help").exitCode()).isZero();
  }
}
