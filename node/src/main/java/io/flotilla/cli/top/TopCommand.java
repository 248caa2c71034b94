package io.flotilla.cli.top;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.DurationConverter;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla top}: drawn over itself on a terminal, a line of JSON a sample elsewhere. */
@Command
@Examples(
    value = {
      "flotilla top",
      "flotilla top --max 2 --every 500ms -o ndjson",
      "flotilla top -s localhost:9105"
    },
    seeAlso = {"flotilla cluster describe", "flotilla group describe"})
public final class TopCommand extends ClusterAction {

  private static final Duration EVERY_MIN = Duration.ofMillis(100);

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Time between two samples, at least 100ms. Default: 2s.")
  Duration every = Duration.ofSeconds(2);

  @Option(
      names = {"-n", "--max"},
      paramLabel = "N",
      description = "Ends after so many samples. Default: when q or Ctrl-C is pressed.")
  long max = Long.MAX_VALUE;

  @Override
  public Shape shape() {
    return Shape.one(TopSample.class);
  }

  @Override
  protected String intent() {
    return "watch the cluster";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws IOException {
    if (max < 1 || every.compareTo(EVERY_MIN) < 0) {
      throw CliException.usage(
          "cannot " + intent(),
          "--max is at least 1, and --every at least 100ms",
          "flotilla top --every 1s");
    }
    Printer shown = printer.watching();
    Sampler sampler = new Sampler(client.admin());
    try (Keyboard keyboard = Keyboard.of(printer.terminal())) {
      String hint = keyboard.hears() ? "  q quits" : "  Ctrl-C ends";
      for (long taken = 1; ; taken++) {
        TopSample sample = sampler.take();
        shown.sample();
        shown.one(sample, new TopTables(utc(), shown.wide(), hint)::of);
        if (taken == max || keyboard.quitWithin(every)) {
          return ExitCode.DONE;
        }
      }
    }
  }
}
