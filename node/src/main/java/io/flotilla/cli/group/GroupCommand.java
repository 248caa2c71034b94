package io.flotilla.cli.group;

import io.flotilla.cli.command.CommandTable;
import java.util.List;

/** {@code flotilla group}: the group of its verbs. */
public final class GroupCommand {

  private GroupCommand() {}

  public static CommandTable table() {
    return new CommandTable(
            List.of(
                "flotilla group list",
                "flotilla group describe billing",
                "flotilla group reset billing --topic orders --to earliest --dry-run"),
            List.of("flotilla subscribe", "flotilla topic"))
        .with("list", "Lists consumer groups by name.", () -> new GroupListCommand())
        .with(
            "describe",
            "Shows a consumer group: how far it is behind, where, and who its members are.",
            () -> new GroupDescribeCommand())
        .with(
            "reset",
            "Moves a consumer group without members to another place in a topic.",
            () -> new GroupResetCommand())
        .with(
            "delete",
            "Deletes a consumer group without members, and what it has committed.",
            () -> new GroupDeleteCommand());
  }
}
