package io.flotilla.cli.bench;

import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.client.FlotillaClient;

/** What {@code bench publish} and {@code bench latency} have in common. Stateless. */
final class BenchRun {

  private BenchRun() {}

  static ExitCode publish(
      FlotillaClient client,
      Printer printer,
      TopicFlags where,
      TimeFlags time,
      Load.Plan plan,
      Payloads payloads) {
    time.check();
    where.open(client);
    try (Load load = new Load(client, plan, (n, nanos) -> payloads.event(n)).start()) {
      Measurement measurement = new Measurement(load, printer.terminal(), Processes.nodes(client));
      measurement.warmUp(time.warmUp);
      PublishFigures figures =
          PublishFigures.of(plan.topic(), load, measurement.measure(time.duration));
      printer.one(figures, PublishFigures::text);
      return failed(load, printer) ? ExitCode.NO : ExitCode.DONE;
    }
  }

  /** Says why, too: figures with failures are not what they seem. */
  static boolean failed(Load load, Printer printer) {
    if (load.failed() > 0) {
      printer.terminal().note("some events failed, first with: " + load.firstFailure());
    }
    return load.failed() > 0;
  }
}
