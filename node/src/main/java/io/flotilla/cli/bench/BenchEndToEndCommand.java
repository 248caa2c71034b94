package io.flotilla.cli.bench;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla bench end-to-end}: open loop, a reader follows live. */
@Command
@Examples(
    value = {
      "flotilla bench end-to-end",
      "flotilla bench end-to-end --rate 10000 --size 100 --linger 5ms -o json"
    },
    seeAlso = {"flotilla bench latency", "flotilla bench failover"})
public final class BenchEndToEndCommand extends LoadAction {

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Events a second, whatever the cluster does. Default: 1000.")
  long rate = 1_000;

  @Override
  public Shape shape() {
    return Shape.one(EndToEndFigures.class);
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    if (rate < 1) {
      throw CliException.usage(
          "cannot publish " + rate + " events a second",
          "a rate is at least 1",
          "use for example --rate 1000");
    }
    time.check();
    Payloads payloads = Payloads.of(what, printer.terminal());
    Load.Plan plan = new Load.Plan(where.topic, 1, 1, rate, what.options());
    where.open(client);
    try (DueReader reader = new DueReader(client, where.topic);
        Load load =
            new Load(client, plan, (n, due) -> DueReader.stamped(payloads.event(n), due)).start()) {
      Measurement measurement = new Measurement(load, printer.terminal(), Processes.nodes(client));
      measurement.warmUp(time.warmUp);
      reader.times();
      long before = reader.received();
      Measurement.Result result = measurement.measure(time.duration);
      reader.demandReading();
      printer.one(
          new EndToEndFigures(
              where.topic,
              rate,
              result.events(),
              reader.received() - before,
              load.failed(),
              Latency.of(result.times()),
              Latency.of(reader.times()),
              result.nodes(),
              result.client()),
          EndToEndFigures::text);
      return BenchRun.failed(load, printer) ? ExitCode.NO : ExitCode.DONE;
    }
  }
}
