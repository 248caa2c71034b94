package io.flotilla.testing;

import java.util.ServiceLoader;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Whoever prints what nodes log: the SLF4J provider of the tests, if they have one; none comes with
 * this library. Safe.
 */
final class LogProvider {

  private static final String VERBOSITY = "slf4j.internal.verbosity";
  private static final String PROVIDER = "slf4j.provider";

  private LogProvider() {}

  /** Begins to log; that nobody prints it is no news, in tests, and SLF4J does not warn of it. */
  static synchronized void begin() {
    if (System.getProperty(VERBOSITY) != null || isThere()) {
      return;
    }
    System.setProperty(VERBOSITY, "ERROR");
    try {
      LoggerFactory.getILoggerFactory();
    } finally {
      System.clearProperty(VERBOSITY);
    }
  }

  private static boolean isThere() {
    return System.getProperty(PROVIDER) != null
        || ServiceLoader.load(SLF4JServiceProvider.class, LoggerFactory.class.getClassLoader())
            .stream()
            .findAny()
            .isPresent();
  }
}
