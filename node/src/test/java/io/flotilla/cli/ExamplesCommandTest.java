package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.command.HelpLayout;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The examples of all commands, in one place. */
final class ExamplesCommandTest {

  @Test
  void examplesOfEveryCommandAreThere() {
    CommandLineRun run = CommandLineRun.of("examples");
    assertThat(run.exitCode()).as(run.err()).isZero();
    for (CommandLine command : AllCommandsTest.all().toList()) {
      assertThat(run.out().lines()).containsAll(HelpLayout.examplesOf(command));
    }
  }

  @Test
  void examplesOfOneCommandAreThoseOfItAndBelow() {
    assertThat(CommandLineRun.of("examples", "topic").out())
        .contains("flotilla topic create", "flotilla topic delete")
        .doesNotContain("flotilla group");
    assertThat(CommandLineRun.of("examples", "topik").err()).contains("unknown command \"topik\"");
  }
}
