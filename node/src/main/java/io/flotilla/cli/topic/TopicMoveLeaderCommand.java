package io.flotilla.cli.topic;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.LeaderMove;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla topic move-leader NAME}. */
@Command
@Examples(
    value = {
      "flotilla topic move-leader orders --partition 0 --to 1",
      "flotilla topic move-leader orders --partition 0 --to 1 --dry-run"
    },
    seeAlso = {"flotilla topic describe", "flotilla cluster describe"})
final class TopicMoveLeaderCommand extends ClusterAction {

  /** The answer. */
  @Doc("Who leads, or would.")
  record Answer(
      @Doc("The topic's name.") String name,
      @Doc("The partition that was named.") int partition,
      @Doc("The node that is the preferred leader.") int node,
      @Doc("It leads now; false: it will as soon as it answers and has nearly everything.")
          boolean leads,
      @Doc("Partitions of the topic that move together, those of one Raft group.")
          List<Integer> partitions,
      @Doc("False with --dry-run.") boolean moved) {}

  @Parameters(paramLabel = "NAME", description = "The topic.")
  String name = "";

  @Option(
      names = "--partition",
      paramLabel = "P",
      required = true,
      description = "The partition. Those that share a Raft group with it move along.")
  int partition;

  @Option(
      names = "--to",
      paramLabel = "NODE",
      required = true,
      description = "The id of a node with a replica of it. It stays the preferred leader.")
  int node;

  @Option(names = "--dry-run", description = "Checks everything; then exits with 3.")
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
    return "move the leader of partition " + partition + " of topic \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    LeaderMove move = client.admin().moveLeader(name, partition, node, dryRun);
    printer.one(
        new Answer(name, partition, node, move.leads(), move.partitions(), !dryRun),
        TopicMoveLeaderCommand::text);
    return dryRun ? ExitCode.WOULD_CHANGE : ExitCode.DONE;
  }

  private static List<String> text(Answer answer) {
    String which =
        (answer.partitions().size() > 1 ? "partitions " : "partition ")
            + answer.partitions().stream().map(String::valueOf).collect(Collectors.joining(", "))
            + " of "
            + answer.name();
    if (!answer.moved()) {
      return List.of(
          "node "
              + answer.node()
              + (answer.leads() ? " leads " : " would lead ")
              + which
              + ". Nothing changed.");
    }
    return List.of(
        answer.leads()
            ? "node " + answer.node() + " leads " + which
            : "node "
                + answer.node()
                + " is preferred for "
                + which
                + ", and leads as soon as it has caught up. See: flotilla topic describe "
                + answer.name());
  }
}
