package io.flotilla.node.config;

import java.util.List;

/** The configuration cannot be used; says everything that is wrong with it. */
public final class ConfigException extends RuntimeException {

  public ConfigException(String where, List<String> faults) {
    super(where + ":\n  " + String.join("\n  ", faults), null, false, false);
  }
}
