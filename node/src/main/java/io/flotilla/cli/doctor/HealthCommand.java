package io.flotilla.cli.doctor;

import io.flotilla.cli.command.ClusterAction;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flotilla cluster health}. */
@Command(
    footer = {
      "",
      "Healthy: a server that was given answers, all nodes answer each other, the metadata and",
      "every partition have a leader and all replicas, none is damaged or far behind, and no disk",
      "is full. flotilla doctor looks at more (clocks, versions, limits, consumer groups, disks",
      "that fill) and says what to do within the day; this is what a script may wait for."
    })
@Examples(
    value = {
      "flotilla cluster health",
      "flotilla cluster health --wait --timeout 2m",
      "flotilla cluster health -o json"
    },
    seeAlso = {"flotilla doctor", "flotilla explain partition"})
public final class HealthCommand extends ClusterAction {

  private static final Duration ASK_EVERY = Duration.ofMillis(500);

  @Option(
      names = "--wait",
      description =
          "Waits until it is healthy, for as long as --timeout says, and tells on standard error"
              + " what it waits for. Exit code 0 as soon as it is, 1 when it was not in time.")
  boolean wait;

  @Override
  public Shape shape() {
    return Shape.one(Health.class);
  }

  @Override
  protected String intent() {
    return "say whether the cluster is healthy";
  }

  @Override
  protected ExitCode run(FlotillaClient client, Printer printer) throws InterruptedException {
    Health health = wait ? await(client, printer.terminal()) : look(client);
    printer.one(health, Health::text);
    return health.healthy() ? ExitCode.DONE : ExitCode.NO;
  }

  private Health await(FlotillaClient client, Terminal terminal) throws InterruptedException {
    long started = System.nanoTime();
    String told = "";
    while (true) {
      Health health = look(client);
      Duration waited = Duration.ofNanos(System.nanoTime() - started);
      if (health.healthy() || waited.plus(ASK_EVERY).compareTo(timeout()) > 0) {
        terminal.progress("");
        return health.after(told.isEmpty() ? Duration.ZERO : waited);
      }
      String line = Text.printable(health.message());
      if (terminal.errIsLive()) {
        terminal.progress("waiting for " + Text.duration(waited) + ": " + line);
      } else if (!told.equals(line)) {
        terminal.note("waiting: " + line);
      }
      told = line;
      TimeUnit.MILLISECONDS.sleep(ASK_EVERY.toMillis());
    }
  }

  private Health look(FlotillaClient client) {
    try {
      return Health.of(new Examination(client, timeout(), false, false).run());
    } catch (FlotillaClientException e) {
      return Health.failed(e.getMessage());
    }
  }
}
