package io.flotilla.cli.profile;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.cli.settings.Profiles;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code flotilla profile list}. */
@Command
@Examples(
    value = {"flotilla profile list", "flotilla profile list -o ndjson"},
    seeAlso = {"flotilla profile show"})
final class ProfileListCommand extends ProfileAction {

  @Override
  public Shape shape() {
    return Shape.listOf(Row.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    Profiles profiles = Profiles.read(printer.terminal().environment());
    List<Row> rows = profiles.all().keySet().stream().map(name -> Row.of(profiles, name)).toList();
    Table<Row> table =
        new Table<Row>()
            .text("PROFILE", Row::name)
            .text("IN USE", row -> row.current() ? "*" : "")
            .text("SERVER", row -> orNone(row.server()))
            .text("TIMEOUT", row -> orNone(row.timeout()))
            .text("OUTPUT", row -> orNone(row.output()));
    printer.list(rows, table, "");
    return ExitCode.DONE;
  }

  private static String orNone(@Nullable String text) {
    return text == null ? Text.NONE : text;
  }
}
