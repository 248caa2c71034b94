package io.flotilla.cli.command;

import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.client.FlotillaClient;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/**
 * A command that looks at something and can go on looking: with {@code --watch} it answers again
 * and again, drawn over itself on a terminal, and as a line of JSON each time elsewhere. Confined
 * to the main thread.
 */
public abstract class LookAction extends ClusterAction {

  private static final int WATCH_SECONDS = 2;

  @Option(
      names = {"-w", "--watch"},
      description = "Shows it again every two seconds, until Ctrl-C; on a pipe as ndjson.")
  boolean watch;

  /** Answers once. */
  protected abstract void look(FlotillaClient client, Printer printer);

  @Override
  protected final ExitCode run(FlotillaClient client, Printer printer) throws InterruptedException {
    if (!watch) {
      look(client, printer);
      return ExitCode.DONE;
    }
    Printer shown = printer.watching();
    while (true) {
      shown.sample();
      look(client, shown);
      TimeUnit.SECONDS.sleep(WATCH_SECONDS);
    }
  }
}
