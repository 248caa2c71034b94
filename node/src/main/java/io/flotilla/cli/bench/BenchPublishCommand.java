package io.flotilla.cli.bench;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla bench publish}. */
@Command
@Examples(
    value = {
      "flotilla bench publish --linger 5ms",
      "flotilla bench publish --rate 5000 --size 100 --keys 1000 -o json",
      "flotilla bench publish --producers 1000 --in-flight 1 --warm-up 30s"
    },
    seeAlso = {"flotilla bench latency", "flotilla bench subscribe"})
public final class BenchPublishCommand extends LoadAction {

  private static final int PRODUCERS_MAX = 5_000;

  @Option(
      names = "--producers",
      paramLabel = "N",
      description = "Producers, each with a thread and an identity. Default: 1.")
  int producers = 1;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "Without --rate: events of a producer under way at once; 1: each waits for the"
              + " acknowledgement of the one before. Default: 20000.")
  int inFlight = 20_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Events a second of all producers together, whatever the cluster does; a latency then"
              + " begins when the event was due. Default: as fast as acknowledgements come.")
  long rate;

  @Override
  public Shape shape() {
    return Shape.one(PublishFigures.class);
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    if (producers < 1 || producers > PRODUCERS_MAX || inFlight < 1 || rate < 0) {
      throw CliException.usage(
          "cannot measure with these numbers",
          "--producers is 1 to " + PRODUCERS_MAX + ", --in-flight at least 1, --rate not negative",
          "use for example --producers 4 --in-flight 1000");
    }
    Payloads payloads = Payloads.of(what, printer.terminal());
    Load.Plan plan = new Load.Plan(where.topic, producers, inFlight, rate, what.options());
    return BenchRun.publish(client, printer, where, time, plan, payloads);
  }
}
