package io.flotilla.cli.topic;

import io.flotilla.cli.command.CommandTable;
import java.util.List;

/** {@code flotilla topic}: the group of its verbs. */
public final class TopicCommand {

  private TopicCommand() {}

  public static CommandTable table() {
    return new CommandTable(
            List.of(
                "flotilla topic create orders --partitions 6",
                "flotilla topic alter orders --set retention.time=7d",
                "flotilla topic describe orders"),
            List.of("flotilla publish", "flotilla subscribe"))
        .with(
            "create",
            "Creates a topic and waits until its partitions have leaders.",
            () -> new TopicCreateCommand())
        .with("list", "Lists topics by name.", () -> new TopicListCommand())
        .with(
            "describe",
            "Shows a topic: its partitions, their replicas, leaders and offsets.",
            () -> new TopicDescribeCommand())
        .with("alter", "Changes settings of a topic while it runs.", () -> new TopicAlterCommand())
        .with(
            "trim", "Deletes the oldest events of a topic, for good.", () -> new TopicTrimCommand())
        .with(
            "move-leader",
            "Hands the leadership of a partition to another of its nodes.",
            () -> new TopicMoveLeaderCommand())
        .with(
            "delete", "Deletes a topic and its events, for good.", () -> new TopicDeleteCommand());
  }
}
