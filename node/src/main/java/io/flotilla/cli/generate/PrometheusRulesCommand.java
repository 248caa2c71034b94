package io.flotilla.cli.generate;

import io.flotilla.cli.command.Examples;
import picocli.CommandLine.Command;

/** {@code flotilla generate prometheus-rules}. */
@Command
@Examples(
    value = {"flotilla generate prometheus-rules", "flotilla generate prometheus-rules -o json"},
    seeAlso = {"flotilla generate grafana", "flotilla doctor"})
final class PrometheusRulesCommand extends CarriedFile {

  @Override
  String name() {
    return "alerts.yaml";
  }

  @Override
  String use() {
    return "name the file under rule_files in prometheus.yml; one job must be one cluster";
  }
}
