package io.flotilla.cli;

import io.flotilla.cli.command.CommandTable;
import io.flotilla.cli.doctor.ExplainGroupCommand;
import io.flotilla.cli.doctor.ExplainPartitionCommand;
import java.util.List;

/** {@code flotilla explain}: the group of its verbs. A reason alone is one of an error. */
final class ExplainCommand {

  private ExplainCommand() {}

  static CommandTable table() {
    return new CommandTable(
            List.of(
                "flotilla explain partition orders/2",
                "flotilla explain group billing",
                "flotilla explain error DISK_FULL"),
            List.of("flotilla doctor"))
        .with(
            "partition",
            "Says whether a partition can be written to, and if not why and what to do.",
            () -> new ExplainPartitionCommand())
        .with(
            "group",
            "Says whether a consumer group keeps up, and if not why and what to do.",
            () -> new ExplainGroupCommand())
        .with(
            "error",
            "Explains the reason that an error names: why it happens and what to do.",
            () -> new ExplainErrorCommand())
        .unsaid("error");
  }
}
