package io.flotilla.cli.topic;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.PartitionOffsetInfo;
import io.flotilla.client.StartPosition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla topic trim NAME}: asks for the name to be typed, or demands {@code --yes}. */
@Command
@Examples(
    value = {
      "flotilla topic trim orders --before time:2026-11-01T00:00:00Z --yes",
      "flotilla topic trim orders --partition 0 --before 120000 --dry-run",
      "flotilla topic trim orders --before latest"
    },
    seeAlso = {"flotilla topic alter", "flotilla topic describe"})
final class TopicTrimCommand extends ClusterAction {

  /** One partition. */
  @Doc("A partition that was trimmed, or would be.")
  record Row(
      @Doc("Its number.") int partition,
      @Doc("The first offset that was kept before.") long logStartBefore,
      @Doc("The first offset that is kept.") long logStart,
      @Doc("How many events go.") long events,
      @Doc("False with --dry-run.") boolean trimmed) {}

  @Parameters(paramLabel = "NAME", description = "The topic.")
  String name = "";

  @Option(
      names = "--partition",
      paramLabel = "P",
      description = "Only this one. Repeatable. Default: all.")
  List<Integer> partitions = new ArrayList<>();

  @Option(
      names = "--before",
      paramLabel = "WHERE",
      required = true,
      converter = BeforeConverter.class,
      description = "Events before it go: " + BeforeConverter.FORMS + ".")
  StartPosition before = StartPosition.earliest();

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask; needed when nobody is there to be asked.")
  boolean yes;

  @Option(names = "--dry-run", description = "Shows what would go; then exits with 3.")
  boolean dryRun;

  @Override
  public Shape shape() {
    return Shape.listOf(Row.class);
  }

  @Override
  protected String topic() {
    return name;
  }

  @Override
  protected String intent() {
    return "trim topic \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws IOException {
    Terminal terminal = printer.terminal();
    if (!yes && !dryRun && !terminal.inIsTerminal()) {
      throw CliException.usage(
          "cannot trim topic \"" + name + "\" without being sure",
          "standard input is not a terminal, so nobody can be asked",
          "add --yes");
    }
    List<Row> plan = plan(client.admin());
    long events = plan.stream().mapToLong(Row::events).sum();
    if (!dryRun && events > 0) {
      if (!yes) {
        confirm(events, terminal);
      }
      plan = plan.stream().map(row -> trim(client.admin(), row)).toList();
    }
    Table<Row> table =
        new Table<Row>()
            .number("PARTITION", Row::partition)
            .number("LOG START BEFORE", Row::logStartBefore)
            .number(dryRun ? "WOULD BE" : "LOG START", Row::logStart)
            .number("EVENTS", Row::events);
    printer.list(plan, table, "topic " + name + " has no partitions");
    return dryRun && events > 0 ? ExitCode.WOULD_CHANGE : ExitCode.DONE;
  }

  private List<Row> plan(Admin admin) {
    Map<Integer, Long> starts = offsets(admin, StartPosition.earliest());
    Map<Integer, Long> ends = offsets(admin, StartPosition.latest());
    Map<Integer, Long> cuts =
        before instanceof StartPosition.AtTime ? offsets(admin, before) : Map.of();
    List<Row> plan = new ArrayList<>();
    for (int partition : partitions.isEmpty() ? starts.keySet() : partitions) {
      Long start = starts.get(partition);
      Long end = ends.get(partition);
      if (start == null || end == null) {
        throw CliException.usage(
            "cannot trim partition " + partition + " of topic \"" + name + "\"",
            "the topic has the partitions 0 to " + (starts.size() - 1),
            "see them: flotilla topic describe " + name);
      }
      // A time behind the last event: all events are before it.
      long cut =
          before instanceof StartPosition.AtOffset at
              ? at.offset()
              : cuts.getOrDefault(partition, end);
      requireInside(partition, cut, end);
      plan.add(new Row(partition, start, Math.max(start, cut), Math.max(0, cut - start), false));
    }
    return plan;
  }

  private void requireInside(int partition, long cut, long end) {
    if (cut > end) {
      throw CliException.local(
          "cannot trim partition " + partition + " of topic \"" + name + "\" before " + cut,
          "it ends at offset " + end,
          "give an offset up to that, or --before latest");
    }
  }

  private Map<Integer, Long> offsets(Admin admin, StartPosition position) {
    Map<Integer, Long> offsets = new TreeMap<>();
    for (PartitionOffsetInfo info : admin.listOffsets(name, position)) {
      Long offset = info.offset();
      if (offset != null) {
        offsets.put(info.partition(), offset);
      }
    }
    return offsets;
  }

  private Row trim(Admin admin, Row row) {
    long start = admin.trimPartition(name, row.partition(), row.logStart());
    return new Row(row.partition(), row.logStartBefore(), start, row.events(), true);
  }

  private void confirm(long events, Terminal terminal) throws IOException {
    terminal.note(
        "This deletes the oldest "
            + Text.count(events, "event")
            + " of topic "
            + name
            + ", for good.");
    terminal.note("Type its name to go on:");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    if (!name.equals(in.readLine())) {
      throw CliException.local(
          "topic \"" + name + "\" was not trimmed",
          "its name was not typed",
          "run the command again if you mean it");
    }
  }
}
