package io.flotilla.cli.bench;

import io.flotilla.cli.command.DurationConverter;
import io.flotilla.cli.error.CliException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long is measured. Filled by the parser, then only read. */
final class TimeFlags {

  private static final Duration SHORTEST = Duration.ofMillis(500);

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "Load before anything is measured; a node that has just started needs about two minutes"
              + " to reach its speed. Default: 10s.")
  Duration warmUp = Duration.ofSeconds(10);

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long is measured, in five windows. Default: 20s.")
  Duration duration = Duration.ofSeconds(20);

  void check() {
    if (duration.compareTo(SHORTEST) < 0) {
      throw CliException.usage(
          "cannot measure for " + duration.toMillis() + " ms",
          "windows of less than 100 ms say nothing",
          "use for example --duration 20s");
    }
  }
}
