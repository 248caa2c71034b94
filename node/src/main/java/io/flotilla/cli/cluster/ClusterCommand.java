package io.flotilla.cli.cluster;

import io.flotilla.cli.command.CommandTable;
import java.util.List;

/** {@code flotilla cluster}: the group of its verbs. */
public final class ClusterCommand {

  private ClusterCommand() {}

  public static CommandTable table() {
    return new CommandTable(
            List.of("flotilla cluster describe", "flotilla cluster describe -o json"),
            List.of("flotilla topic describe"))
        .with(
            "describe",
            "Shows the nodes, who leads what, and every replica with its lag.",
            () -> new ClusterDescribeCommand());
  }
}
