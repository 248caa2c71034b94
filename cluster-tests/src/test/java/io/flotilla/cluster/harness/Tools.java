package io.flotilla.cluster.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** Programs beside Java that some tests need, and not every machine has. Stateless. */
public final class Tools {
  private static final Duration PROBE_MAX = Duration.ofSeconds(30);

  private Tools() {}

  /**
   * Skips the test, and says so, where a shell command shows that something is missing; fails it in
   * CI, which installs everything and skips nothing.
   */
  public static void assume(String what, String probe) {
    Script.Result found = Script.in(Path.of("/")).run(PROBE_MAX, "sh", "-c", probe);
    if (found.exitCode() != 0) {
      System.out.println(
          "SKIPPED: a test needs %s, but: %s: %s".formatted(what, probe, found.output()));
      assertThat(System.getenv("CI")).as("CI must have %s", what).isNotEqualTo("true");
      Assumptions.abort(what + " cannot be had");
    }
  }

  /** Skips the test, as said above, without Node.js and its package manager. */
  public static void assumeNpm() {
    assume("Node.js and npm", "node --version && npm --version");
  }
}
