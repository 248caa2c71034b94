package io.flotilla.cli.profile;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.settings.Profiles;
import io.flotilla.cli.settings.Setting;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flotilla profile use NAME}. */
@Command
@Examples(
    value = {"flotilla profile use default", "flotilla profile use -"},
    seeAlso = {"flotilla profile list", "flotilla profile set"})
final class ProfileUseCommand extends ProfileAction {

  private static final String BACK = "-";

  /** The answer. */
  @Doc("Which profile is in use now.")
  record Answer(
      @Doc("Its name.") String name,
      @Doc("The one that was in use before.") String previous,
      @Doc("The nodes that commands ask.") String server) {}

  @Parameters(paramLabel = "NAME", description = "The profile; - is the one used before.")
  String name = "";

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    Profiles profiles = Profiles.read(printer.terminal().environment());
    String wanted = name.equals(BACK) ? profiles.previous() : name;
    String server =
        profiles.profile(wanted).getOrDefault(Setting.SERVER, Setting.SERVER.byDefault());
    profiles.use(wanted);
    profiles.write();
    printer.one(
        new Answer(wanted, profiles.previous(), server),
        answer ->
            List.of(
                "profile "
                    + answer.name()
                    + " is in use, server "
                    + answer.server()
                    + ". Next: flotilla cluster describe"));
    return ExitCode.DONE;
  }
}
