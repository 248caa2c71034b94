package io.flotilla.cli.subscribe;

import picocli.CommandLine.Option;

/** The options of reading as a member of a consumer group. Filled by the parser, then only read. */
final class GroupFlags {

  @Option(
      names = {"-g", "--group"},
      paramLabel = "NAME",
      description =
          "Shares the events out with all others that read as this consumer group, and commits"
              + " what was written out.")
  String group = "";

  @Option(
      names = "--instance-id",
      paramLabel = "ID",
      description =
          "With --group: names this reader across restarts, so that its partitions wait for it.")
  String instanceId = "";

  @Option(
      names = {"-q", "--quiet"},
      description = "With --group: says nothing about partitions that come and go.")
  boolean quiet;

  boolean none() {
    return group.isEmpty() && instanceId.isEmpty() && !quiet;
  }
}
