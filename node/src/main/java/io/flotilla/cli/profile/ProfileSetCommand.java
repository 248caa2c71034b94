package io.flotilla.cli.profile;

import io.flotilla.cli.command.DurationConverter;
import io.flotilla.cli.command.Examples;
import io.flotilla.cli.command.ServerOptions;
import io.flotilla.cli.error.CliException;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Format;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.settings.Profiles;
import io.flotilla.cli.settings.Setting;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code flotilla profile set NAME KEY=VALUE…}. */
@Command
@Examples(
    value = {
      "flotilla profile set staging server=10.0.0.1:9095,10.0.0.2:9095 timeout=30s",
      "flotilla profile set scripts server=localhost:9095 output=json",
      "flotilla profile set staging timeout="
    },
    seeAlso = {"flotilla profile use", "flotilla profile show"})
final class ProfileSetCommand extends ProfileAction {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._][A-Za-z0-9._-]{0,63}");

  @Parameters(index = "0", paramLabel = "NAME", description = "The profile, made if need be.")
  String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description =
          "server=HOST:PORT (several with commas between), timeout=10s, output=table (or wide,"
              + " json, ndjson, value, a template). Nothing behind = takes it out.")
  Map<String, String> values = new LinkedHashMap<>();

  @Override
  public Shape shape() {
    return Shape.one(Row.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    if (!NAME.matcher(name).matches()) {
      throw CliException.usage(
          "cannot name a profile \"" + name + "\"",
          "a name has letters, digits, '.', '_' and '-', at most 64",
          "flotilla profile set staging server=HOST:PORT");
    }
    Map<Setting, String> changes = new EnumMap<>(Setting.class);
    values.forEach((key, value) -> changes.put(checked(key, value), value));
    Profiles profiles = Profiles.read(printer.terminal().environment());
    profiles.set(name, changes);
    profiles.write();
    printer.one(Row.of(profiles, name), ProfileSetCommand::text);
    return ExitCode.DONE;
  }

  private static Setting checked(String key, String value) {
    Setting setting =
        Setting.of(key)
            .orElseThrow(
                () ->
                    CliException.usage(
                        "cannot set \"" + key + "\" in a profile",
                        "a profile has server, timeout and output",
                        "flotilla profile set --help"));
    if (!value.isEmpty()) {
      check(setting, value);
    }
    return setting;
  }

  private static void check(Setting setting, String value) {
    switch (setting) {
      case SERVER -> ServerOptions.checked(value, "server");
      case TIMEOUT -> {
        try {
          var unused = new DurationConverter().convert(value);
        } catch (TypeConversionException e) {
          throw cannot(setting, value, String.valueOf(e.getMessage()));
        }
      }
      case OUTPUT -> {
        if (Format.parse(value).isEmpty()) {
          throw cannot(setting, value, "it is none of table, wide, json, ndjson, value");
        }
      }
    }
  }

  private static CliException cannot(Setting setting, String value, String because) {
    return CliException.usage(
        "cannot set " + setting.key() + " to \"" + value + "\"",
        because,
        "flotilla profile set --help");
  }

  private static List<String> text(Row profile) {
    return List.of(
        "profile "
            + profile.name()
            + " is set"
            + (profile.current()
                ? " and in use."
                : ". Next: flotilla profile use " + profile.name()));
  }
}
