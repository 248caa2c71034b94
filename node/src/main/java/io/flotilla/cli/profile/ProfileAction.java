package io.flotilla.cli.profile;

import io.flotilla.cli.command.Action;
import io.flotilla.cli.output.Doc;
import io.flotilla.cli.settings.Profiles;
import io.flotilla.cli.settings.Setting;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command about profiles. How it answers is not decided by one, so that a profile can always be
 * mended.
 */
abstract class ProfileAction extends Action {

  /** One profile. */
  @Doc("A profile.")
  record Row(
      @Doc("Its name.") String name,
      @Doc("It is in use.") boolean current,
      @Doc("The nodes to ask; null: not set.") @Nullable String server,
      @Doc("How long to try; null: not set.") @Nullable String timeout,
      @Doc("As --output; null: not set.") @Nullable String output) {

    static Row of(Profiles profiles, String name) {
      Map<Setting, String> settings = profiles.profile(name);
      return new Row(
          name,
          profiles.current().equals(name),
          settings.get(Setting.SERVER),
          settings.get(Setting.TIMEOUT),
          settings.get(Setting.OUTPUT));
    }
  }

  @Override
  protected final boolean outputByProfile() {
    return false;
  }
}
