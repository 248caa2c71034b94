package io.flotilla.cli.generate;

import io.flotilla.cli.command.Examples;
import picocli.CommandLine.Command;

/** {@code flotilla generate grafana}. */
@Command
@Examples(
    value = {"flotilla generate grafana", "flotilla generate grafana -o json"},
    seeAlso = {"flotilla generate prometheus-rules"})
final class GrafanaCommand extends CarriedFile {

  @Override
  String name() {
    return "dashboard.json";
  }

  @Override
  String use() {
    return "import it in Grafana (Dashboards, New, Import), or keep it in a provisioned folder";
  }
}
