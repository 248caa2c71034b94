package io.flotilla.cli.bench;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.client.FlotillaClient;
import picocli.CommandLine.Command;

/** {@code flotilla bench latency}: one producer, one event under way. */
@Command
@Examples(
    value = {"flotilla bench latency", "flotilla bench latency --size 100 --duration 30s -o json"},
    seeAlso = {"flotilla bench publish", "flotilla bench end-to-end"})
public final class BenchLatencyCommand extends LoadAction {

  @Override
  public Shape shape() {
    return Shape.one(PublishFigures.class);
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) {
    Payloads payloads = Payloads.of(what, printer.terminal());
    Load.Plan plan = new Load.Plan(where.topic, 1, 1, 0, what.options());
    return BenchRun.publish(client, printer, where, time, plan, payloads);
  }
}
