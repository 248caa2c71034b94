package io.flotilla.cli.group;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.LookAction;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flotilla group describe NAME}. */
@Command
@Examples(
    value = {
      "flotilla group describe billing",
      "flotilla group describe billing --watch",
      "flotilla group describe billing -o json"
    },
    seeAlso = {"flotilla group list", "flotilla group reset"})
final class GroupDescribeCommand extends LookAction {

  @Parameters(paramLabel = "NAME", description = "The consumer group.")
  String name = "";

  @Override
  public Shape shape() {
    return Shape.one(GroupDetail.class);
  }

  @Override
  protected String group() {
    return name;
  }

  @Override
  protected String intent() {
    return "describe consumer group \"" + name + "\"";
  }

  @Override
  protected void look(FlotillaClient client, Printer printer) {
    GroupDetail detail = GroupDetail.of(client.admin().describeGroup(name));
    printer.one(detail, group -> new GroupTables(utc(), printer.wide()).of(group));
  }
}
