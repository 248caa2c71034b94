package io.flotilla.cli.error;

/** What scripts can trust. The same for every command; {@code --help} lists them. */
public enum ExitCode {
  DONE(0, "done"),
  NO(1, "the answer is no: not found, refused, unhealthy"),
  USAGE(2, "the command line, or what it was given, is wrong"),
  WOULD_CHANGE(3, "a dry run would change something"),
  UNREACHABLE(4, "the cluster cannot be reached"),
  FORBIDDEN(5, "permission refused"),
  UNKNOWN_OUTCOME(6, "timed out with unknown outcome"),
  INTERRUPTED(130, "interrupted");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public String meaning() {
    return meaning;
  }
}
