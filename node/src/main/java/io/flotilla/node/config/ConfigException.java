package io.flotilla.node.config;

import java.util.List;

/** The configuration cannot be used; says everything that is wrong with it. */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  public ConfigException(String where, List<String> faults) {
    super(where + ":\n  " + String.join("\n  ", faults), null, false, false);
    this.faults = List.copyOf(faults);
  }

  /** Each begins with the key that it is about, where there is one. */
  public List<String> faults() {
    return faults;
  }
}
