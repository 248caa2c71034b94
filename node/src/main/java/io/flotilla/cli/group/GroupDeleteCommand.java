package io.flotilla.cli.group;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClient;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla group delete NAME}: asks for the name to be typed, or demands {@code --yes}. */
@Command
@Examples(
    value = {
      "flotilla group delete billing --yes",
      "flotilla group delete billing --dry-run",
      "flotilla group delete billing"
    },
    seeAlso = {"flotilla group list"})
final class GroupDeleteCommand extends ClusterAction {

  /** The answer. */
  @Doc("The consumer group that is gone, or would be.")
  record Answer(
      @Doc("Its name.") String name,
      @Doc("In how many partitions it had committed something.") int partitions,
      @Doc("False with --dry-run.") boolean deleted) {}

  @Parameters(paramLabel = "NAME", description = "The consumer group.")
  String name = "";

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask; needed when nobody is there to be asked.")
  boolean yes;

  @Option(names = "--dry-run", description = "Shows what would be deleted, and exits with 3.")
  boolean dryRun;

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected String group() {
    return name;
  }

  @Override
  protected String intent() {
    return "delete consumer group \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws IOException {
    TypedName sure = new TypedName(name, "delete", "deleted");
    Terminal terminal = printer.terminal();
    if (!yes && !dryRun) {
      sure.requireSomebody(terminal);
    }
    client.admin().deleteGroup(name, true);
    int partitions = client.admin().describeGroup(name).partitions().size();
    if (!dryRun) {
      if (!yes) {
        terminal.note(
            "This deletes consumer group "
                + name
                + " and how far it is in "
                + Text.count(partitions, "partition")
                + ", for good.");
        sure.ask(terminal);
      }
      client.admin().deleteGroup(name, false);
    }
    printer.one(new Answer(name, partitions, !dryRun), GroupDeleteCommand::text);
    return dryRun ? ExitCode.WOULD_CHANGE : ExitCode.DONE;
  }

  private static List<String> text(Answer group) {
    String size = " (" + Text.count(group.partitions(), "partition") + ")";
    return List.of(
        group.deleted()
            ? "deleted consumer group " + group.name() + size + ". Next: flotilla group list"
            : "would delete consumer group " + group.name() + size + ". Nothing changed.");
  }
}
