package io.flotilla.cli.profile;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.settings.Profiles;
import io.flotilla.cli.settings.Setting;
import io.flotilla.cli.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla profile show [NAME] [--effective]}. */
@Command
@Examples(
    value = {
      "flotilla profile show",
      "flotilla profile show default -o json",
      "FLOTILLA_SERVER=localhost:9105 flotilla profile show --effective"
    },
    seeAlso = {"flotilla profile list", "flotilla profile set"})
final class ProfileShowCommand extends ProfileAction {

  /** One setting. */
  @Doc("A setting.")
  record SettingRow(
      @Doc("profile, server, timeout or output.") String setting,
      @Doc("Its value; empty: each command's own.") String value,
      @Doc("A flag, a variable, a profile, a file, or default.") String origin) {}

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Default: the one in use.")
  String name = "";

  @Option(
      names = "--effective",
      description =
          "What holds for commands without flags, from the environment, the profile and the"
              + " defaults, and who said so.")
  boolean effective;

  @Override
  public Shape shape() {
    return Shape.listOf(SettingRow.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    if (effective && !name.isEmpty()) {
      throw CliException.usage(
          "cannot show \"" + name + "\" with --effective",
          "that is about whatever profile is in use",
          "flotilla profile show --effective --profile " + name);
    }
    Map<String, String> environment = printer.terminal().environment();
    Table<SettingRow> table =
        new Table<SettingRow>()
            .text("SETTING", SettingRow::setting)
            .text("VALUE", SettingRow::value)
            .text("ORIGIN", SettingRow::origin);
    List<SettingRow> rows =
        effective ? effective(new Settings(environment, profileFlag())) : kept(environment);
    printer.list(rows, table, "the profile sets nothing. Next: flotilla profile set --help");
    return ExitCode.DONE;
  }

  private List<SettingRow> kept(Map<String, String> environment) {
    Profiles profiles = Profiles.read(environment);
    String shown =
        name.isEmpty() ? new Settings(environment, profileFlag()).profileName().text() : name;
    return profiles.profile(shown).entrySet().stream()
        .map(
            entry ->
                new SettingRow(entry.getKey().key(), entry.getValue(), "profile \"" + shown + "\""))
        .toList();
  }

  private static List<SettingRow> effective(Settings settings) {
    List<SettingRow> rows = new ArrayList<>();
    Settings.Value profile = settings.profileName();
    rows.add(new SettingRow("profile", profile.text(), profile.origin()));
    for (Setting setting : Setting.values()) {
      Settings.Value value = settings.value(setting);
      rows.add(new SettingRow(setting.key(), value.text(), value.origin()));
    }
    return rows;
  }
}
