package io.flotilla.cli.settings;

import java.util.Locale;
import java.util.Optional;

/** What the environment and profiles can set. */
public enum Setting {
  /** Nodes, {@code HOST:PORT} with commas between. */
  SERVER("localhost:9095"),
  /** How long to try, such as {@code 10s}. */
  TIMEOUT("10s"),
  /** As {@code --output}; empty: what each command has without it. */
  OUTPUT("");

  private final String byDefault;

  Setting(String byDefault) {
    this.byDefault = byDefault;
  }

  /** What holds when nobody says anything. */
  public String byDefault() {
    return byDefault;
  }

  /** Its variable, such as {@code FLOTILLA_SERVER}. */
  public String variable() {
    return "FLOTILLA_" + name();
  }

  /** As a profile and a flag name it, such as {@code server}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of this key. */
  public static Optional<Setting> of(String key) {
    for (Setting setting : values()) {
      if (setting.key().equals(key)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
