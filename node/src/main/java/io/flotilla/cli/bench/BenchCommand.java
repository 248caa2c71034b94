package io.flotilla.cli.bench;

import io.flotilla.cli.command.CommandTable;
import java.util.List;

/** {@code flotilla bench}: the group of its verbs. */
public final class BenchCommand {

  private BenchCommand() {}

  public static CommandTable table() {
    return new CommandTable(
            List.of("flotilla bench publish", "flotilla bench latency"),
            List.of("flotilla publish", "flotilla cluster describe"))
        .with(
            "publish",
            "Measures how much can be published, or how late acknowledgements are at a rate.",
            () -> new BenchPublishCommand())
        .with(
            "subscribe",
            "Measures how fast one or several readers read a topic from its beginning.",
            () -> new BenchSubscribeCommand())
        .with(
            "latency",
            "Measures how long one event takes when nothing else is under way.",
            () -> new BenchLatencyCommand())
        .with(
            "end-to-end",
            "Measures the time from when an event was due until a reader has it, at a steady rate.",
            () -> new BenchEndToEndCommand())
        .with(
            "failover",
            "Kills leaders of a throw-away cluster and measures how long writers and readers wait.",
            () -> new BenchFailoverCommand())
        .with(
            "partitions",
            "Measures how fast many partitions are created, and what they cost at rest.",
            () -> new BenchPartitionsCommand());
  }
}
