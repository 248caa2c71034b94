package io.flotilla.cli;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.HelpLayout;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla examples [COMMAND...]}: the examples that each help begins with, together. */
@Command
@Examples(
    value = {"flotilla examples", "flotilla examples group", "flotilla examples publish -o json"},
    seeAlso = {"flotilla help"})
final class ExamplesCommand extends Action {

  /** One example. */
  @Doc("A command line that works as it stands.")
  record Row(
      @Doc("The command that it shows.") String command,
      @Doc("What that command does.") String summary,
      @Doc("The command line.") String example) {}

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "Only of this command, word by word, and of those below it.")
  List<String> words = List.of();

  @Override
  public Shape shape() {
    return Shape.listOf(Row.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    List<Row> rows = new ArrayList<>();
    collect(HelpCommand.named(spec.root().commandLine(), words), rows);
    if (printer.format().structured()) {
      printer.list(rows, new Table<>(), "");
    } else {
      text(rows).forEach(printer.terminal()::line);
    }
    return ExitCode.DONE;
  }

  private static void collect(CommandLine command, List<Row> rows) {
    String name = command.getCommandSpec().qualifiedName();
    String summary = String.join(" ", command.getCommandSpec().usageMessage().description());
    HelpLayout.examplesOf(command).forEach(each -> rows.add(new Row(name, summary, each)));
    command.getSubcommands().values().forEach(each -> collect(each, rows));
  }

  /** A comment that says what a command does, then its examples: it can be pasted into a shell. */
  private static List<String> text(List<Row> rows) {
    List<String> lines = new ArrayList<>();
    String command = "";
    for (Row row : rows) {
      if (!row.command().equals(command)) {
        lines.add((lines.isEmpty() ? "" : "\n") + "# " + row.summary());
        command = row.command();
      }
      lines.add(row.example());
    }
    return lines;
  }
}
