package io.flotilla.cli.command;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Terminal;
import picocli.CommandLine.ArgGroup;

/**
 * A command that does something. The frame answers {@code -o schema} without running it and refuses
 * formats that it does not have; a subclass only says what its answer looks like and finds it.
 * Confined to the main thread.
 */
public abstract class Action {

  @ArgGroup(validate = false, heading = "%nEvery command:%n", order = 100)
  OutputOptions everywhere = new OutputOptions();

  /** What the JSON of the answer is. */
  public abstract Shape shape();

  /** Does it. Errors that people can do something about are {@link CliException}s. */
  protected abstract ExitCode run(Printer printer) throws Exception;

  /** The format without {@code -o}. */
  protected Format defaultFormat() {
    return Format.TABLE;
  }

  /** The answer is events: {@code -o value} and templates are allowed. */
  protected boolean givesEvents() {
    return false;
  }

  /** Times are wanted in UTC. */
  protected final boolean utc() {
    return everywhere.utc;
  }

  /** Errors are wanted with all details. */
  public final boolean verbose() {
    return everywhere.verbose;
  }

  /** The format that was asked for. */
  public final Format format() {
    return everywhere.format == null ? defaultFormat() : everywhere.format;
  }

  /** Runs the command after the frame's own checks. */
  public final ExitCode execute(Terminal terminal) throws Exception {
    Format format = format();
    Printer printer = new Printer(terminal, format);
    if (format.kind() == Format.Kind.SCHEMA) {
      printer.schema(shape());
      return ExitCode.DONE;
    }
    if (format.eventsOnly() && !givesEvents()) {
      throw CliException.usage(
          "cannot write this answer with --output value or a template",
          "only events have a value, key and headers",
          "use -o table, wide, json, ndjson or schema");
    }
    return run(printer);
  }
}
