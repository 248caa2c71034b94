package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.CommandTable;
import io.flotilla.cli.command.HelpLayout;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What is promised of every command, asked of every command. */
final class AllCommandsTest {

  private static final int COLUMNS_MAX = 100;

  static Stream<CommandLine> all() {
    List<CommandLine> found = new ArrayList<>();
    collect(FlotillaCommand.parser(CommandTable.EVERYTHING, Terminal.system()), found);
    return found.stream();
  }

  static Stream<CommandLine> actions() {
    return all().filter(command -> command.getSubcommands().isEmpty());
  }

  private static void collect(CommandLine command, List<CommandLine> found) {
    found.add(command);
    command.getSubcommands().values().forEach(each -> collect(each, found));
  }

  @Test
  void thereAreTheVerbsOfTheFirstRelease() {
    assertThat(all().map(command -> command.getCommandSpec().qualifiedName()))
        .contains(
            "flotilla demo",
            "flotilla up",
            "flotilla node",
            "flotilla publish",
            "flotilla subscribe",
            "flotilla topic create",
            "flotilla topic list",
            "flotilla topic describe",
            "flotilla topic alter",
            "flotilla topic trim",
            "flotilla topic delete",
            "flotilla topic move-leader",
            "flotilla group list",
            "flotilla group describe",
            "flotilla group reset",
            "flotilla group delete",
            "flotilla cluster describe",
            "flotilla cluster health",
            "flotilla verify",
            "flotilla doctor",
            "flotilla bench publish",
            "flotilla bench subscribe",
            "flotilla bench latency",
            "flotilla bench end-to-end",
            "flotilla bench failover",
            "flotilla bench partitions",
            "flotilla get",
            "flotilla search",
            "flotilla top",
            "flotilla profile list",
            "flotilla profile use",
            "flotilla profile set",
            "flotilla profile remove",
            "flotilla profile show",
            "flotilla examples",
            "flotilla explain error",
            "flotilla explain partition",
            "flotilla explain group",
            "flotilla generate grafana",
            "flotilla generate prometheus-rules",
            "flotilla completion",
            "flotilla version",
            "flotilla help");
  }

  @ParameterizedTest
  @MethodSource("all")
  void helpHasASentenceExamplesExitCodesAndFits(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    List<String> words = new ArrayList<>(List.of(name.split(" ")));
    words.remove(0);
    words.add("--help");
    CommandLineRun help = CommandLineRun.of(words.toArray(String[]::new));

    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out().lines().findFirst().orElse("")).endsWith(".").hasSizeGreaterThan(10);
    assertThat(help.out()).contains("Usage: " + name, "Examples:", "Exit codes:", "See also:");
    assertThat(help.out().indexOf("Examples:"))
        .as("examples come before the flags")
        .isLessThan(help.out().indexOf("  -h, --help"));
    for (ExitCode code : ExitCode.values()) {
      assertThat(help.out()).contains(code.meaning());
    }
    assertThat(help.out().lines()).allMatch(line -> line.length() <= COLUMNS_MAX);
  }

  @ParameterizedTest
  @MethodSource("all")
  void thereAreTwoOrThreeExamplesThatParse(CommandLine command) {
    List<String> examples = HelpLayout.examplesOf(command);
    assertThat(examples).as(command.getCommandSpec().qualifiedName()).hasSizeBetween(2, 3);
    for (String example : examples) {
      String[] words = Words.of(example);
      CommandLine parser = FlotillaCommand.parser(List.of(words), Terminal.system());
      assertThat(parser.parseArgs(words).subcommand()).as(example).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("actions")
  void outputCanBeChosenAndHasASchema(CommandLine command) throws Exception {
    assertThat(command.getCommandSpec().findOption("--output")).isNotNull();
    assertThat(command.getCommandSpec().findOption("-o")).isNotNull();

    Object user = command.getCommandSpec().userObject();
    assertThat(user).isInstanceOf(Action.class);
    List<String> words = new ArrayList<>(List.of(Words.of(HelpLayout.examplesOf(command).get(0))));
    words.addAll(List.of("--output", "schema"));
    CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode schema = new ObjectMapper().readTree(run.out());
    JsonNode record = schema.has("items") ? schema.get("items") : schema;
    assertThat(record.get("type").asText()).isEqualTo("object");
    assertThat(record.get("description").asText()).isNotEmpty();
    record
        .get("properties")
        .properties()
        .forEach(
            field ->
                assertThat(field.getValue().path("description").asText())
                    .as(words + " " + field.getKey())
                    .isNotEmpty());
  }
}
