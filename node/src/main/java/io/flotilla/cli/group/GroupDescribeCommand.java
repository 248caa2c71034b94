package io.flotilla.cli.group;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Terminal;
import io.flotilla.client.FlotillaClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla group describe NAME}. */
@Command
@Examples(
    value = {
      "flotilla group describe billing",
      "flotilla group describe billing --watch",
      "flotilla group describe billing -o json"
    },
    seeAlso = {"flotilla group list", "flotilla group reset"})
final class GroupDescribeCommand extends ClusterAction {

  private static final int WATCH_SECONDS = 2;

  /** Moves to the first line and empties what follows. */
  private static final byte[] FROM_THE_TOP = "\u001b[H\u001b[J".getBytes(StandardCharsets.UTF_8);

  @Parameters(paramLabel = "NAME", description = "The consumer group.")
  String name = "";

  @Option(
      names = {"-w", "--watch"},
      description = "Shows it again every two seconds, until Ctrl-C; on a pipe as ndjson.")
  boolean watch;

  @Override
  public Shape shape() {
    return Shape.one(GroupDetail.class);
  }

  @Override
  protected String group() {
    return name;
  }

  @Override
  protected String intent() {
    return "describe consumer group \"" + name + "\"";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws InterruptedException {
    Printer shown = watch ? watching(printer) : printer;
    do {
      GroupDetail detail = GroupDetail.of(client.admin().describeGroup(name));
      if (watch && !shown.format().structured()) {
        shown.terminal().write(FROM_THE_TOP);
      }
      shown.one(detail, group -> new GroupTables(utc(), shown.wide()).of(group));
      if (watch) {
        TimeUnit.SECONDS.sleep(WATCH_SECONDS);
      }
    } while (watch);
    return ExitCode.DONE;
  }

  private static Printer watching(Printer printer) {
    Terminal terminal = printer.terminal();
    return terminal.outIsTerminal() || printer.format().structured()
        ? printer
        : new Printer(terminal, new Format(Format.Kind.NDJSON, ""));
  }
}
