package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.command.HelpLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What programs read stays: the schema of every command is kept in a file, and fields are only ever
 * added. {@code -Dflotilla.schemas.renew=true} writes the files anew, and refuses when something is
 * missing that was there.
 */
final class SchemasTest {

  private static final Path KEPT = Path.of("src/test/resources/schemas");
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @MethodSource("io.flotilla.cli.AllCommandsTest#actions")
  void answersOnlyGrow(CommandLine command) throws IOException {
    String name = command.getCommandSpec().qualifiedName();
    JsonNode now = schema(command);
    Path file = KEPT.resolve(name.replace("flotilla ", "").replace(' ', '-') + ".json");
    if (Boolean.getBoolean("flotilla.schemas.renew")) {
      Files.createDirectories(KEPT);
      if (Files.exists(file)) {
        demandAll(name, JSON.readTree(file.toFile()), now);
      }
      Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(now) + "\n");
    }
    assertThat(file).as("the kept schema: renew it with -Dflotilla.schemas.renew=true").exists();
    JsonNode kept = JSON.readTree(file.toFile());
    demandAll(name, kept, now);
    assertThat(now).as(name + ": keep it, with -Dflotilla.schemas.renew=true").isEqualTo(kept);
  }

  /** Everything that was promised is there, with the same type. */
  private static void demandAll(String at, JsonNode kept, JsonNode now) {
    assertThat(now.path("type")).as(at + ": type").isEqualTo(kept.path("type"));
    if (kept.has("items")) {
      demandAll(at + "[]", kept.get("items"), now.path("items"));
    }
    kept.path("properties")
        .properties()
        .forEach(
            field -> {
              JsonNode found = now.path("properties").path(field.getKey());
              assertThat(found.isMissingNode()).as(at + " lost " + field.getKey()).isFalse();
              demandAll(at + "." + field.getKey(), field.getValue(), found);
            });
  }

  /** Without its sentences, which may become better. */
  private static JsonNode schema(CommandLine command) throws IOException {
    List<String> words = new ArrayList<>(List.of(Words.of(HelpLayout.examplesOf(command).get(0))));
    words.addAll(List.of("--output", "schema"));
    CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode schema = JSON.readTree(run.out());
    withoutSentences(schema);
    return schema;
  }

  private static void withoutSentences(JsonNode schema) {
    if (schema instanceof ObjectNode object && !object.path("description").isObject()) {
      object.remove("description");
    }
    schema.path("properties").forEach(SchemasTest::withoutSentences);
    if (schema.has("items")) {
      withoutSentences(schema.get("items"));
    }
  }
}
