package io.flotilla.cli.topic;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.TopicDescription;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla topic delete NAME}: asks for the name to be typed, or demands {@code --yes}. */
@Command
@Examples(
    value = {
      "flotilla topic delete orders --yes",
      "flotilla topic delete orders --dry-run",
      "flotilla topic delete orders"
    },
    seeAlso = {"flotilla topic list"})
final class TopicDeleteCommand extends ClusterAction {

  /** The answer. */
  @Doc("The topic that is gone, or would be.")
  record Answer(
      @Doc("The name it had.") String name,
      @Doc("The id it had.") long topicId,
      @Doc("How many partitions it had.") int partitions,
      @Doc("False with --dry-run.") boolean deleted) {}

  @Parameters(paramLabel = "NAME", description = "The topic.")
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
  protected String topic() {
    return name;
  }

  @Override
  protected String intent() {
    return "delete topic \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws IOException {
    Terminal terminal = printer.terminal();
    if (!yes && !dryRun && !terminal.inIsTerminal()) {
      throw CliException.usage(
          "cannot delete topic \"" + name + "\" without being sure",
          "standard input is not a terminal, so nobody can be asked",
          "flotilla topic delete " + name + " --yes");
    }
    TopicDescription topic = client.admin().describeTopic(name);
    if (!dryRun) {
      if (!yes) {
        confirm(topic, terminal);
      }
      client.admin().deleteTopic(name);
    }
    printer.one(
        new Answer(topic.name(), topic.topicId(), topic.partitionCount(), !dryRun),
        TopicDeleteCommand::text);
    return dryRun ? ExitCode.WOULD_CHANGE : ExitCode.DONE;
  }

  private static void confirm(TopicDescription topic, Terminal terminal) throws IOException {
    terminal.note(
        "This deletes topic "
            + topic.name()
            + " with "
            + Text.count(topic.partitionCount(), "partition")
            + " and all its events, for good.");
    terminal.note("Type its name to go on:");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    if (!topic.name().equals(in.readLine())) {
      throw CliException.local(
          "topic \"" + topic.name() + "\" was not deleted",
          "its name was not typed",
          "run the command again if you mean it");
    }
  }

  private static List<String> text(Answer topic) {
    String size = " (id " + topic.topicId() + ", " + Text.count(topic.partitions(), "partition");
    return List.of(
        topic.deleted()
            ? "deleted topic " + topic.name() + size + "). Next: flotilla topic list"
            : "would delete topic " + topic.name() + size + "). Nothing changed.");
  }
}
