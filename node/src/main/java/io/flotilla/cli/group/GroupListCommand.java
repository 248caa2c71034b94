package io.flotilla.cli.group;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.LookAction;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupDescription;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flotilla group list [PREFIX]}. */
@Command
@Examples(
    value = {"flotilla group list", "flotilla group list billing", "flotilla group list -o ndjson"},
    seeAlso = {"flotilla group describe"})
final class GroupListCommand extends LookAction {

  /** One group. */
  @Doc("A consumer group.")
  record Row(
      @Doc("Its name.") String name,
      @Doc("empty (it has no members), stable, rebalancing or unknown.") String state,
      @Doc("How many members.") int members,
      @Doc("Rises with each change of who should have what.") long generation,
      @Doc("The node that leads its coordinator; null when none is known.")
          @Nullable Integer coordinator,
      @Doc("When it was made.") Instant created) {}

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
    return "list consumer groups";
  }

  @Override
  protected void look(FlotillaClient client, Printer printer) {
    List<Row> rows = client.admin().listGroups(prefix).stream().map(GroupListCommand::row).toList();
    Table<Row> table =
        new Table<Row>()
            .text("GROUP", Row::name)
            .text("STATE", Row::state)
            .number("MEMBERS", Row::members)
            .text("CREATED", row -> Text.time(row.created(), utc()))
            .wideNumber("GENERATION", row -> String.valueOf(row.generation()))
            .wideNumber("COORDINATOR", row -> GroupText.orNone(row.coordinator()));
    printer.list(rows, table, whenEmpty());
  }

  private static Row row(GroupDescription group) {
    return new Row(
        group.name(),
        GroupText.word(group.state()),
        group.memberCount(),
        group.generation(),
        group.coordinator(),
        group.created());
  }

  private String whenEmpty() {
    return prefix.isEmpty()
        ? "no consumer groups. Next: flotilla subscribe TOPIC --group NAME"
        : "no consumer groups begin with \"" + prefix + "\"";
  }
}
