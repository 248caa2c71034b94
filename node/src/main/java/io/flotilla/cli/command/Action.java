package io.flotilla.cli.command;

import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.settings.Setting;
import io.flotilla.cli.settings.Settings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;

/**
 * A command that does something. The frame answers {@code -o schema} without running it and refuses
 * formats that it does not have; a subclass only says what its answer looks like and finds it.
 * Confined to the main thread.
 */
public abstract class Action {

  @ArgGroup(validate = false, heading = "%nEvery command:%n", order = 100)
  OutputOptions everywhere = new OutputOptions();

  private @Nullable Settings settings;
  private @Nullable Format chosen;

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

  /** The environment and the profile may choose the output; false: only {@code -o} may. */
  protected boolean outputByProfile() {
    return true;
  }

  /** The profile that {@code --profile} names; null: it is not given. */
  protected final @Nullable String profileFlag() {
    return everywhere.profile;
  }

  /** What holds where no flag says so. */
  final Settings settings() {
    return Objects.requireNonNull(settings, "before execute");
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
    if (everywhere.format != null) {
      return everywhere.format;
    }
    return chosen == null ? defaultFormat() : chosen;
  }

  /** One for events alone says nothing about other answers. */
  private Format chosen(Settings given) {
    if (everywhere.format != null || !outputByProfile()) {
      return format();
    }
    Settings.Value output = given.value(Setting.OUTPUT);
    if (!output.given()) {
      return defaultFormat();
    }
    Format format =
        Format.parse(output.text())
            .orElseThrow(
                () ->
                    CliException.usage(
                        "cannot use the output \"" + output.text() + "\" of " + output.origin(),
                        "it is none of table, wide, json, ndjson, schema, value",
                        "correct it, or say it by --output"));
    return format.eventsOnly() && !givesEvents() ? defaultFormat() : format;
  }

  /** Runs the command after the frame's own checks. */
  public final ExitCode execute(Terminal terminal) throws Exception {
    Settings given = new Settings(terminal.environment(), everywhere.profile);
    settings = given;
    Format format = chosen(given);
    chosen = format;
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
