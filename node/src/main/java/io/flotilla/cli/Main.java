package io.flotilla.cli;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ErrorReport;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.BrokenPipeException;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Terminal;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The way in: parses, runs one command on the main thread, and ends with its exit code. Everything
 * that can go wrong is said here, once, in one form.
 */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args, Terminal.system()));
  }

  /** Runs a command line; for tests, with streams of their own. */
  public static int run(String[] args, Terminal terminal) {
    try {
      int code = parseAndRun(args, terminal);
      terminal.flush();
      return code;
    } catch (BrokenPipeException readerHasEnough) {
      return ExitCode.DONE.number();
    }
  }

  private static int parseAndRun(String[] args, Terminal terminal) {
    if (args.length == 0) {
      Welcome.LINES.forEach(terminal::line);
      return ExitCode.DONE.number();
    }
    List<String> words = FlotillaCommand.spelledOut(args);
    CommandLine root = FlotillaCommand.parser(words, terminal);
    try {
      ParseResult parsed = root.parseArgs(words.toArray(String[]::new));
      CommandLine command = parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
      if (command.isUsageHelpRequested()) {
        Ansi ansi = terminal.colours() && !noColor(args) ? Ansi.ON : Ansi.OFF;
        terminal.line(command.getUsageMessage(ansi).stripTrailing());
        return ExitCode.DONE.number();
      }
      if (command.getCommandSpec().userObject() instanceof Action action) {
        return run(action, terminal);
      }
      throw UsageErrors.verbMissing(command);
    } catch (ParameterException e) {
      return fail(UsageErrors.of(e).report(), UsageErrors.formatOf(args), terminal);
    } catch (CliException e) {
      return fail(e.report(), UsageErrors.formatOf(args), terminal);
    }
  }

  private static boolean noColor(String[] args) {
    return Arrays.asList(args).contains("--no-color");
  }

  private static int run(Action action, Terminal terminal) {
    try {
      return action.execute(terminal).number();
    } catch (BrokenPipeException readerHasEnough) {
      throw readerHasEnough;
    } catch (CliException e) {
      int code = fail(e.report(), action.format(), terminal);
      trace(e, action, terminal);
      return code;
    } catch (Exception e) {
      int code = fail(fault(e), action.format(), terminal);
      trace(e, action, terminal);
      return code;
    }
  }

  /** Nobody foresaw it: a fault of this program, said in the same form. */
  private static ErrorReport fault(Exception e) {
    return new ErrorReport(
        "INTERNAL",
        ExitCode.NO.number(),
        "flotilla met a fault of its own: " + e,
        null,
        "this should not happen, whatever was asked",
        "run it again with --verbose and report what it shows",
        null);
  }

  private static int fail(ErrorReport report, Format format, Terminal terminal) {
    terminal.progress("");
    terminal.flush();
    report.lines(format).forEach(terminal::note);
    return report.code();
  }

  private static void trace(Exception e, Action action, Terminal terminal) {
    if (action.verbose()) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        terminal.note("  " + cause);
        for (StackTraceElement frame : cause.getStackTrace()) {
          terminal.note("      at " + frame);
        }
      }
    }
  }
}
