package io.flotilla.cli.cluster;

import io.flotilla.cli.command.CommandTable;
import io.flotilla.cli.doctor.HealthCommand;
import java.util.List;

/** {@code flotilla cluster}: the group of its verbs. */
public final class ClusterCommand {

  private ClusterCommand() {}

  public static CommandTable table() {
    return new CommandTable(
            List.of("flotilla cluster describe", "flotilla cluster health --wait --timeout 2m"),
            List.of("flotilla doctor", "flotilla topic describe"))
        .with(
            "describe",
            "Shows the nodes, who leads what, and every replica with its lag.",
            () -> new ClusterDescribeCommand())
        .with(
            "health",
            "Says, for scripts, whether the cluster serves with all replicas, or waits for it.",
            () -> new HealthCommand());
  }
}
