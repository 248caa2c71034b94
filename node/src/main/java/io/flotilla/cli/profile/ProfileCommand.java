package io.flotilla.cli.profile;

import io.flotilla.cli.command.CommandTable;
import java.util.List;

/** {@code flotilla profile}: the group of its verbs. */
public final class ProfileCommand {

  private ProfileCommand() {}

  public static CommandTable table() {
    return new CommandTable(
            List.of(
                "flotilla profile set staging server=10.0.0.1:9095",
                "flotilla profile use staging",
                "flotilla profile show --effective"),
            List.of("flotilla cluster describe"))
        .with("list", "Lists profiles, with the one in use.", () -> new ProfileListCommand())
        .with(
            "use",
            "Uses a profile from now on; - goes back to the one before.",
            () -> new ProfileUseCommand())
        .with("set", "Makes or changes a profile.", () -> new ProfileSetCommand())
        .with("remove", "Removes a profile.", () -> new ProfileRemoveCommand())
        .with(
            "show",
            "Shows a profile, or what holds in all and who said so.",
            () -> new ProfileShowCommand());
  }
}
