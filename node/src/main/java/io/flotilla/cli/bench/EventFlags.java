package io.flotilla.cli.bench;

import io.flotilla.cli.command.DurationConverter;
import io.flotilla.cli.error.CliException;
import io.flotilla.client.Compression;
import io.flotilla.client.ProducerOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the events of a measurement are like. Filled by the parser, then only read. */
final class EventFlags {

  private static final int SIZE_MAX = 900_000;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "Bytes of a value, of JSON-like text. Default: 1000.")
  int size = 1000;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "So many different keys; 0: events without key. Default: 0.")
  int keys;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Real data instead: the lines of this file, again and again; .zst is unpacked.")
  @Nullable String file;

  @Option(
      names = "--compression",
      paramLabel = "KIND",
      description = "none, zstd or lz4. Default: none.")
  Compression compression = Compression.NONE;

  @Option(
      names = "--linger",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long a batch waits for company. Default: 0ms.")
  Duration linger = Duration.ZERO;

  void check() {
    if (size < 1 || size > SIZE_MAX || keys < 0) {
      throw CliException.usage(
          "cannot publish events of " + size + " bytes with " + keys + " keys",
          "a size is 1 to " + SIZE_MAX + ", the number of keys not negative",
          "use for example --size 1000 --keys 10000");
    }
  }

  ProducerOptions options() {
    return ProducerOptions.builder().compression(compression).linger(linger).build();
  }
}
