package io.flotilla.cli.command;

import java.util.logging.Level;
import java.util.logging.LogManager;

/**
 * Keeps the logs of libraries off the terminal: the commands say themselves what went wrong. To be
 * called before the client is loaded; also spares the start of a logging library. Not for {@code
 * node}.
 */
public final class Silence {

  private Silence() {}

  public static void logs() {
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    LogManager.getLogManager().getLogger("").setLevel(Level.OFF);
  }
}
