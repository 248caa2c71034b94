package io.flotilla.cli;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.HelpLayout;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla help [COMMAND...]}. */
@Command
@Examples(
    value = {
      "flotilla help publish",
      "flotilla help topic create",
      "flotilla help publish -o json"
    },
    seeAlso = {"flotilla --help"})
final class HelpCommand extends Action {

  /** The answer. */
  @Doc("A command.")
  record Answer(
      @Doc("Its full name.") String command,
      @Doc("What it does.") String summary,
      @Doc("Command lines that work.") List<String> examples,
      @Doc("The commands below it.") List<String> subcommands,
      @Doc("The whole help.") String text) {}

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "COMMAND", description = "The command, word by word.", arity = "0..*")
  List<String> words = List.of();

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    CommandLine command = named(spec.root().commandLine(), words);
    Ansi ansi = printer.terminal().colours() ? Ansi.ON : Ansi.OFF;
    Answer answer =
        new Answer(
            command.getCommandSpec().qualifiedName(),
            String.join(" ", command.getCommandSpec().usageMessage().description()),
            HelpLayout.examplesOf(command),
            List.copyOf(command.getSubcommands().keySet()),
            command.getUsageMessage(printer.format().structured() ? Ansi.OFF : ansi));
    printer.one(answer, a -> List.of(a.text().stripTrailing()));
    return ExitCode.DONE;
  }

  /** The command of these words. */
  static CommandLine named(CommandLine root, List<String> words) {
    CommandLine command = root;
    for (String word : words) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        throw unknown(command, word);
      }
      command = next;
    }
    return command;
  }

  private static CliException unknown(CommandLine command, String word) {
    String name = command.getCommandSpec().qualifiedName();
    return CliException.usage(
        "unknown command \"" + word + "\"",
        "\"" + name + "\" knows: " + String.join(", ", command.getSubcommands().keySet()),
        name + " --help");
  }
}
