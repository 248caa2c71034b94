package io.flotilla.cli.topic;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.LookAction;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClient;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flotilla topic list [PREFIX]}. */
@Command
@Examples(
    value = {"flotilla topic list", "flotilla topic list orders.", "flotilla topic list --watch"},
    seeAlso = {"flotilla topic describe"})
final class TopicListCommand extends LookAction {

  /** One topic. */
  @Doc("A topic.")
  record Row(
      @Doc("Its name.") String name,
      @Doc("Its id, never used again.") long topicId,
      @Doc("How many partitions.") int partitions,
      @Doc("How many replicas each has.") int replicas,
      @Doc("When it was created.") Instant created) {}

  @Parameters(
      paramLabel = "PREFIX",
      arity = "0..1",
      description = "Only names that begin with this.")
  String prefix = "";

  @Override
  public Shape shape() {
    return Shape.listOf(Row.class);
  }

  @Override
  protected String intent() {
    return "list topics";
  }

  @Override
  protected void look(FlotillaClient client, Printer printer) {
    List<Row> rows =
        client.admin().listTopics(prefix).stream()
            .map(
                topic ->
                    new Row(
                        topic.name(),
                        topic.topicId(),
                        topic.partitionCount(),
                        topic.replicationFactor(),
                        topic.created()))
            .toList();
    Table<Row> table =
        new Table<Row>()
            .text("TOPIC", Row::name)
            .number("PARTITIONS", Row::partitions)
            .number("REPLICAS", Row::replicas)
            .text("CREATED", row -> Text.time(row.created(), utc()))
            .wideNumber("ID", row -> String.valueOf(row.topicId()));
    printer.list(rows, table, whenEmpty());
  }

  private String whenEmpty() {
    return prefix.isEmpty()
        ? "no topics. Next: flotilla topic create NAME"
        : "no topics begin with \"" + prefix + "\"";
  }
}
