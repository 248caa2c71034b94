package io.flotilla.cli;

import com.google.rpc.Code;
import io.flotilla.cli.command.Action;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.Catalogue;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.ErrorSpec;
import io.flotilla.proto.types.v1.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code flotilla explain error [REASON...]}: what the protocol's error catalogue says, and of the
 * few reasons that only the command line gives.
 */
@Command
@Examples(
    value = {
      "flotilla explain error TOPIC_NOT_FOUND",
      "flotilla explain error",
      "flotilla explain error DISK_FULL OUTCOME_UNKNOWN -o json"
    },
    seeAlso = {"flotilla explain partition", "flotilla help"})
final class ExplainErrorCommand extends Action {

  /** One reason. */
  @Doc("A reason for which something was refused.")
  record Row(
      @Doc("Its name, as an error has it in brackets.") String reason,
      @Doc("The gRPC status of the call; null when only this program gives the reason.")
          @Nullable String status,
      @Doc("The exit code of a command that ends with it.") int exitCode,
      @Doc("Why it happens.") String because,
      @Doc("What to do about it.") String hint,
      @Doc("Whether to repeat the call.") String retry) {}

  private static final String PREFIX = "ERROR_REASON_";
  private static final String NEVER = "no: what was asked for, or the state, must change first";

  private static final List<Row> OWN =
      List.of(
          own(
              "UNREACHABLE",
              ExitCode.UNREACHABLE,
              "no server that was named could be reached, or none of them is a node",
              "start a cluster: flotilla up; or name a running node: --server HOST:PORT",
              "yes: nothing was done"),
          own(
              "USAGE",
              ExitCode.USAGE,
              "the command line does not fit the command, or what it was given is wrong",
              "see its help: flotilla help COMMAND",
              NEVER),
          own(
              "LOCAL",
              ExitCode.NO,
              "something on this machine is in the way: a file, a port, a process",
              "see the message, which names it",
              NEVER),
          own(
              "NOT_FOUND",
              ExitCode.NO,
              "the topic is there, and what was looked for in it is not",
              "see the message, which says where was looked",
              NEVER));

  @Parameters(
      paramLabel = "REASON",
      arity = "0..*",
      description = "A name that an error has in brackets, in any case; none: all of them.")
  List<String> reasons = List.of();

  @Override
  public Shape shape() {
    return Shape.listOf(Row.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    List<Row> all = all();
    if (reasons.isEmpty()) {
      printer.list(all, table(), "");
      return ExitCode.DONE;
    }
    List<Row> asked = reasons.stream().map(reason -> find(all, reason)).toList();
    if (printer.format().structured()) {
      printer.list(asked, table(), "");
    } else {
      asked.stream().flatMap(ExplainErrorCommand::text).forEach(printer.terminal()::line);
    }
    return ExitCode.DONE;
  }

  private static Table<Row> table() {
    return new Table<Row>()
        .text("REASON", Row::reason)
        .number("EXIT", Row::exitCode)
        .text("BECAUSE", Row::because)
        .wideText("STATUS", row -> String.valueOf(row.status()))
        .wideText("DO", Row::hint)
        .wideText("RETRY", Row::retry);
  }

  private static Stream<String> text(Row row) {
    String status = row.status() == null ? "" : "gRPC " + row.status() + ", ";
    return Stream.of(
        row.reason() + " (" + status + "exit code " + row.exitCode() + ")",
        "  because " + row.because(),
        "  do      " + row.hint(),
        "  retry   " + row.retry());
  }

  private static Row find(List<Row> all, String reason) {
    String name = reason.toUpperCase(Locale.ROOT).replace('-', '_');
    String shortName = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    return all.stream()
        .filter(row -> row.reason().equals(shortName))
        .findFirst()
        .orElseThrow(
            () ->
                CliException.usage(
                    "cannot explain \"" + reason + "\"",
                    "no error has this reason",
                    "see all: flotilla explain error; other things: flotilla explain --help"));
  }

  private static List<Row> all() {
    List<Row> rows = new ArrayList<>();
    for (ErrorReason reason : ErrorReason.values()) {
      if (reason != ErrorReason.ERROR_REASON_UNSPECIFIED && reason != ErrorReason.UNRECOGNIZED) {
        rows.add(row(reason));
      }
    }
    rows.addAll(OWN);
    return rows;
  }

  private static Row row(ErrorReason reason) {
    ErrorSpec spec = Catalogue.spec(reason);
    return new Row(
        Catalogue.name(reason),
        String.valueOf(Code.forNumber(spec.getCode())),
        Catalogue.exitCode(reason).number(),
        spec.getBecause(),
        spec.getRemedy(),
        retry(spec.getRetry()));
  }

  private static Row own(
      String reason, ExitCode exitCode, String because, String hint, String retry) {
    return new Row(reason, null, exitCode.number(), because, hint, retry);
  }

  private static String retry(Retry retry) {
    return switch (retry) {
      case RETRY_ELSEWHERE -> "yes: on another node, or shortly on the same; nothing was written";
      case RETRY_LATER -> "yes: after the delay that the error names; nothing was written";
      case RETRY_UNKNOWN_OUTCOME ->
          "it may have happened: with the same producer id and sequence a repetition is safe";
      case RETRY_NEVER, RETRY_UNSPECIFIED, UNRECOGNIZED -> NEVER;
    };
  }
}
