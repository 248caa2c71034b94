package io.flotilla.cli.profile;

import io.flotilla.cli.command.Examples;
import io.flotilla.cli.error.ExitCode;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Printer;
import io.flotilla.cli.output.Shape;
import io.flotilla.cli.settings.Profiles;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flotilla profile remove NAME}. */
@Command
@Examples(
    value = {"flotilla profile remove staging", "flotilla profile remove staging -o json"},
    seeAlso = {"flotilla profile list"})
final class ProfileRemoveCommand extends ProfileAction {

  /** The answer. */
  @Doc("What is left.")
  record Answer(
      @Doc("The profile that is gone.") String removed,
      @Doc("The one that is in use now.") String current) {}

  @Parameters(paramLabel = "NAME", description = "The profile.")
  String name = "";

  @Override
  public Shape shape() {
    return Shape.one(Answer.class);
  }

  @Override
  protected ExitCode run(Printer printer) {
    Profiles profiles = Profiles.read(printer.terminal().environment());
    profiles.profile(name);
    profiles.remove(name);
    profiles.write();
    printer.one(
        new Answer(name, profiles.current()),
        answer ->
            List.of(
                "removed profile " + answer.removed() + "; " + answer.current() + " is in use"));
    return ExitCode.DONE;
  }
}
