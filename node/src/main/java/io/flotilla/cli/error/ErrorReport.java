package io.flotilla.cli.error;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Json;
import io.flotilla.cli.output.Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An error as people and programs see it; four lines at most. Immutable. */
@Doc("An error. Written to standard error.")
public record ErrorReport(
    @Doc("Why, for programs: a name of the error catalogue, or one of flotilla explain.")
        String reason,
    @Doc("The exit code of the command.") int code,
    @Doc("What was asked and what happened, for people.") String message,
    @Doc("Which server was asked and how far the connection came.") @Nullable String where,
    @Doc("Why it happened.") @Nullable String because,
    @Doc("What to do about it.") @Nullable String hint,
    @Doc("Where the reason is documented.") @Nullable String docs) {

  /** In the form that {@code -o} asked for. */
  public List<String> lines(Format format) {
    return switch (format.kind()) {
      case JSON -> List.of(Json.pretty(this));
      case NDJSON -> List.of(Json.line(this));
      default -> text();
    };
  }

  private List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("error: " + Text.printable(message) + " (" + reason + ")");
    add(lines, "asked  ", where);
    add(lines, "because", because);
    add(lines, "do     ", hint);
    return lines;
  }

  private static void add(List<String> lines, String label, @Nullable String text) {
    if (text != null) {
      lines.add("  " + label + " " + Text.printable(text));
    }
  }
}
