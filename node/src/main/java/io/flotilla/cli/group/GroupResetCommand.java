package io.flotilla.cli.group;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupReset;
import io.flotilla.client.StartPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla group reset NAME}: shows what it means first, and asks. */
@Command
@Examples(
    value = {
      "flotilla group reset billing --topic orders --to earliest --dry-run",
      "flotilla group reset billing --topic orders --to -15m --yes",
      "flotilla group reset billing --topic orders --partition 0 --to 120000"
    },
    seeAlso = {"flotilla group describe"})
final class GroupResetCommand extends ClusterAction {

  /** One partition. */
  @Doc("A partition in which the group was moved, or would be.")
  record Row(
      @Doc("Its number.") int partition,
      @Doc("The next event to process before; null: nothing was committed.")
          @Nullable Long oldOffset,
      @Doc("The next event to process.") long newOffset,
      @Doc("How many offsets are processed again; null: not known.") @Nullable Long repeated,
      @Doc("How many offsets are never processed; null: not known.") @Nullable Long skipped,
      @Doc("False with --dry-run.") boolean moved) {

    static Row of(GroupReset reset, boolean moved) {
      Long old = reset.oldOffset();
      return new Row(
          reset.partition(),
          old,
          reset.newOffset(),
          old == null ? null : (Long) Math.max(0, old - reset.newOffset()),
          old == null ? null : (Long) Math.max(0, reset.newOffset() - old),
          moved);
    }

    boolean changes() {
      return oldOffset == null || oldOffset != newOffset;
    }
  }

  @Parameters(paramLabel = "NAME", description = "The consumer group.")
  String name = "";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      required = true,
      description = "The topic in which to move it.")
  String topic = "";

  @Option(
      names = "--partition",
      paramLabel = "P",
      description = "Only this one. Repeatable. Default: all.")
  List<Integer> partitions = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "WHERE",
      required = true,
      converter = ToConverter.class,
      description = "The next event to process: " + ToConverter.FORMS + ".")
  StartPosition to = StartPosition.earliest();

  @Option(
      names = {"-y", "--yes"},
      description = "Does not ask; needed when nobody is there to be asked.")
  boolean yes;

  @Option(names = "--dry-run", description = "Shows what would be moved; then exits with 3.")
  boolean dryRun;

  @Override
  public Shape shape() {
    return Shape.listOf(Row.class);
  }

  @Override
  protected String topic() {
    return topic;
  }

  @Override
  protected String group() {
    return name;
  }

  @Override
  protected String intent() {
    return "reset consumer group \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws IOException {
    TypedName sure = new TypedName(name, "reset", "reset");
    if (!yes && !dryRun) {
      sure.requireSomebody(printer.terminal());
    }
    List<Row> rows = reset(client.admin(), true);
    boolean changes = rows.stream().anyMatch(Row::changes);
    if (!dryRun && changes) {
      if (!yes) {
        show(rows, printer.terminal());
        sure.ask(printer.terminal());
      }
      rows = reset(client.admin(), false);
    }
    printer.list(rows, table(dryRun), "topic " + topic + " has no partitions");
    return dryRun && changes ? ExitCode.WOULD_CHANGE : ExitCode.DONE;
  }

  private List<Row> reset(Admin admin, boolean plan) {
    return admin.resetGroup(name, topic, partitions, to, plan).stream()
        .map(each -> Row.of(each, !plan))
        .toList();
  }

  private void show(List<Row> plan, Terminal terminal) {
    table(true).render(plan, false).forEach(terminal::note);
    terminal.note(
        "This moves consumer group "
            + name
            + " in topic "
            + topic
            + ": "
            + Text.count(plan.stream().mapToLong(row -> orZero(row.repeated())).sum(), "event")
            + " again, "
            + Text.count(plan.stream().mapToLong(row -> orZero(row.skipped())).sum(), "event")
            + " never.");
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  static Table<Row> table(boolean plan) {
    return new Table<Row>()
        .number("PARTITION", Row::partition)
        .number("OLD", row -> GroupText.orNone(row.oldOffset()))
        .number(plan ? "WOULD BE" : "NEW", Row::newOffset)
        .number("REPEATED", row -> GroupText.orNone(row.repeated()))
        .number("SKIPPED", row -> GroupText.orNone(row.skipped()));
  }
}
