package io.flotilla.cli.error;

/** Ends a command with an error that can be shown as it is. */
public final class CliException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ErrorReport report;

  public CliException(ErrorReport report) {
    super(report.message());
    this.report = report;
  }

  /** The command line, or what it was given, is wrong. */
  public static CliException usage(String message, String because, String hint) {
    return of("USAGE", ExitCode.USAGE, message, because, hint);
  }

  /** Something on this machine is in the way: a file, a port, a process. */
  public static CliException local(String message, String because, String hint) {
    return of("LOCAL", ExitCode.NO, message, because, hint);
  }

  /** What was asked for is not there. */
  public static CliException notFound(String message, String because, String hint) {
    return of("NOT_FOUND", ExitCode.NO, message, because, hint);
  }

  private static CliException of(
      String reason, ExitCode code, String message, String because, String hint) {
    return new CliException(
        new ErrorReport(reason, code.number(), message, null, because, hint, null));
  }

  public ErrorReport report() {
    return report;
  }
}
