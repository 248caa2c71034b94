package io.flotilla.cli.settings;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a command: a flag before the environment before the profile before the default.
 * The file of profiles is read when something is first asked. Confined to the command's thread.
 */
public final class Settings {

  /** Names the profile, unless {@code --profile} does. */
  public static final String PROFILE = "FLOTILLA_PROFILE";

  /** Of a value that nobody gave. */
  public static final String BY_DEFAULT = "default";

  /**
   * A value and who said so.
   *
   * @param origin such as {@code --server}, {@code FLOTILLA_SERVER}, {@code profile "staging"}, or
   *     {@link #BY_DEFAULT}
   */
  public record Value(String text, String origin) {

    /** Somebody said so. */
    public boolean given() {
      return !origin.equals(BY_DEFAULT);
    }
  }

  private final Map<String, String> environment;
  private final @Nullable String flag;
  private @Nullable Profiles profiles;

  /**
   * @param flag the profile that {@code --profile} names; null: it is not given
   */
  public Settings(Map<String, String> environment, @Nullable String flag) {
    this.environment = environment;
    this.flag = flag;
  }

  /** The name of the profile, and who chose it. */
  public Value profileName() {
    String variable = environment.getOrDefault(PROFILE, "");
    if (flag != null) {
      return new Value(flag, "--profile");
    }
    if (!variable.isEmpty()) {
      return new Value(variable, PROFILE);
    }
    String current = profiles().current();
    boolean byDefault = current.equals(Profiles.DEFAULT);
    return new Value(current, byDefault ? BY_DEFAULT : profiles().file().toString());
  }

  /** What holds without a flag. */
  public Value value(Setting setting) {
    String variable = environment.getOrDefault(setting.variable(), "");
    if (!variable.isEmpty()) {
      return new Value(variable, setting.variable());
    }
    String kept = profiles().profile(profileName().text()).get(setting);
    return kept == null
        ? new Value(setting.byDefault(), BY_DEFAULT)
        : new Value(kept, "profile \"" + profileName().text() + "\"");
  }

  private Profiles profiles() {
    Profiles read = profiles;
    if (read == null) {
      read = Profiles.read(environment);
      profiles = read;
    }
    return read;
  }
}
