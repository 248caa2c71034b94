package io.flotilla.cli.command;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.error.Failures;
import io.flotilla.cli.error.Failures.Asked;
import io.flotilla.cli.output.Printer;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import java.time.Duration;
import picocli.CommandLine.ArgGroup;

/**
 * A command that talks to a cluster: connects, and turns what the client reports into an error that
 * names what was asked and where. Confined to the main thread.
 */
public abstract class ClusterAction extends Action {

  @ArgGroup(validate = false, heading = "%nConnection:%n", order = 90)
  ServerOptions connection = new ServerOptions();

  /** What it is about to do, to go behind "cannot". */
  protected abstract String intent();

  /** The topic it is about; empty: about none. */
  protected String topic() {
    return "";
  }

  /** The consumer group it is about; empty: about none. */
  protected String group() {
    return "";
  }

  protected abstract ExitCode run(FlotillaClient client, Printer printer) throws Exception;

  @Override
  protected final ExitCode run(Printer printer) throws Exception {
    String servers = connection.servers(settings());
    long started = System.nanoTime();
    try (FlotillaClient client = connect(servers)) {
      return run(client, printer);
    } catch (FlotillaClientException failure) {
      Duration waited = Duration.ofNanos(System.nanoTime() - started);
      CliException report =
          Failures.of(new Asked("cannot " + intent(), topic(), group()), servers, waited, failure);
      report.initCause(failure);
      throw report;
    }
  }

  /** How long a call may take. */
  protected final Duration timeout() {
    return connection.timeout(settings());
  }

  /** The same, where somebody said it; else what is right for what takes longer than a call. */
  protected final Duration timeoutOr(Duration unsaid) {
    return connection.timeoutIsSaid(settings()) ? timeout() : unsaid;
  }

  private FlotillaClient connect(String servers) {
    Silence.logs();
    try {
      return FlotillaClient.builder(servers)
          .clientName("flotilla-cli")
          .requestTimeout(timeout())
          .build();
    } catch (IllegalArgumentException e) {
      throw CliException.usage(
          "cannot use --server \"" + servers + "\"",
          String.valueOf(e.getMessage()),
          "give HOST:PORT, or several with commas between: -s localhost:9095");
    }
  }
}
