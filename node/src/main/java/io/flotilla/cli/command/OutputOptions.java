package io.flotilla.cli.command;

import io.flotilla.cli.output.Format;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has. Filled by the parser, then only read. */
public final class OutputOptions {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      description =
          "table, wide, json, ndjson, or schema (the JSON Schema of what json gives); for events"
              + " also value, or a template such as '{{key}} {{value}}'.")
  @Nullable Format format;

  @Option(
      names = {"-p", "--profile"},
      paramLabel = "NAME",
      description =
          "Takes what no flag and no FLOTILLA_* variable says from this profile. Default:"
              + " FLOTILLA_PROFILE, or the one in use.")
  @Nullable String profile;

  @Option(names = "--utc", description = "Times in UTC instead of local ones.")
  boolean utc;

  @Option(names = "--no-color", description = "No colours; so do NO_COLOR and TERM=dumb.")
  boolean noColor;

  @Option(
      names = {"-v", "--verbose"},
      description = "With an error, where in the program it arose.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  boolean help;
}
