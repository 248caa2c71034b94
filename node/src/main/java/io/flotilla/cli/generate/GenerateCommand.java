package io.flotilla.cli.generate;

import io.flotilla.cli.command.CommandTable;
import java.util.List;

/** {@code flotilla generate}: the group of its verbs. */
public final class GenerateCommand {

  private GenerateCommand() {}

  public static CommandTable table() {
    return new CommandTable(
            List.of("flotilla generate grafana", "flotilla generate prometheus-rules"),
            List.of("flotilla top", "flotilla doctor"))
        .with(
            "grafana",
            "Writes the Grafana dashboard that fits the metrics of this version.",
            () -> new GrafanaCommand())
        .with(
            "prometheus-rules",
            "Writes the Prometheus alert rules that fit the metrics of this version.",
            () -> new PrometheusRulesCommand());
  }
}
