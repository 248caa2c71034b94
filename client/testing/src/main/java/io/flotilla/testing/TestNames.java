package io.flotilla.testing;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Names of a test's own, for topics and groups that it makes itself: tests that share a cluster
 * never meet. Pure.
 */
public final class TestNames {

  private static final int PART_MAX = 50;
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String prefix;

  private TestNames(String prefix) {
    this.prefix = prefix;
  }

  static TestNames of(ExtensionContext context) {
    return new TestNames(
        part(context.getTestClass().map(Class::getSimpleName).orElse("test"))
            + context.getTestMethod().map(method -> "-" + part(method.getName())).orElse("")
            + "-"
            + NUMBERS.incrementAndGet()
            + "-");
  }

  /** Only what a topic's name may have, and not too much of it. */
  private static String part(String name) {
    String clean = name.replaceAll("[^a-zA-Z0-9_]+", "_");
    return clean.substring(0, Math.min(PART_MAX, clean.length()));
  }

  /** A topic's name in the cluster. */
  public String topic(String shortName) {
    return prefix + shortName;
  }

  /** A consumer group's name in the cluster. */
  public String group(String shortName) {
    return prefix + shortName;
  }

  /** What all names of the test begin with. */
  public String prefix() {
    return prefix;
  }
}
