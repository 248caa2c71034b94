package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.NodeProcess;
import io.flotilla.cluster.harness.Script;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The demo tells the truth: it kills a leader, loses nothing, and says so in its last line. */
class DemoTest {
  private static final Duration DEMO_MAX = Duration.ofSeconds(90);
  private static final int LINES_MAX = 40;
  private static final Pattern LAST_LINE =
      Pattern.compile(
          "demo: published=(\\d+) acknowledged=(\\d+) received=(\\d+) lost=0 duplicated=0"
              + " longest-pause-ms=(\\d+)");

  @Test
  void demoLosesNothingWhenItKillsALeader() {
    Script.Result demo = Script.in(NodeProcess.home()).run(DEMO_MAX, "./flotilla", "demo");

    assertThat(demo.exitCode()).as(demo.output()).isZero();
    Matcher last = LAST_LINE.matcher(demo.lastLine());
    assertThat(last.matches()).as(demo.output()).isTrue();
    long acknowledged = Long.parseLong(last.group(2));
    assertThat(acknowledged).as("acknowledged").isPositive();
    assertThat(Long.parseLong(last.group(1))).as("published").isEqualTo(acknowledged);
    assertThat(Long.parseLong(last.group(3))).as("received").isEqualTo(acknowledged);
    assertThat(demo.lines()).as("lines").hasSizeLessThanOrEqualTo(LINES_MAX);
    System.out.println(demo.lastLine());
  }
}
