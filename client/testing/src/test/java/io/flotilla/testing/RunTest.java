package io.flotilla.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Whole runs of tests: what is shared, what is printed, and what is left. */
class RunTest {

  /** Where the clusters of the run had their data. */
  private static final Set<Path> FOLDERS = new ConcurrentSkipListSet<>();

  @Test
  void classesShareAClusterAndLeaveNothingBehind() {
    Set<String> before = threads();
    FOLDERS.clear();
    Run run = run(FirstCase.class, SecondCase.class);

    assertThat(run.summary.getTestsSucceededCount()).isEqualTo(2);
    assertThat(run.printed).isEmpty();
    assertThat(FOLDERS).singleElement().satisfies(folder -> assertThat(folder).doesNotExist());
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(remaining(before)).isEmpty());
  }

  @Test
  void aFailureShowsWhatTheNodesLoggedAndKeepsTheirFolder() throws Exception {
    FOLDERS.clear();
    Run run = run(FailingCase.class, AbortedCase.class, FreshCase.class);

    assertThat(run.summary.getTestsFailedCount()).isEqualTo(1);
    assertThat(run.summary.getTestsAbortedCount()).isEqualTo(1);
    assertThat(run.printed)
        .contains("fails(FlotillaCluster) failed", "node serves node=1")
        .doesNotContain("aborts()");
    assertThat(FOLDERS).hasSize(2);
    List<Path> kept = FOLDERS.stream().filter(Files::exists).toList();
    assertThat(kept).singleElement().asString().satisfies(f -> assertThat(run.printed).contains(f));
    try (Stream<Path> files = Files.walk(kept.get(0))) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  @Test
  void aFullClusterIsReplacedBetweenClasses() {
    FOLDERS.clear();
    Run run = run(ManyCase.class, FirstCase.class);

    assertThat(run.summary.getTestsFailedCount()).isZero();
    assertThat(FOLDERS).hasSize(2);
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> remaining(Set<String> before) {
    Set<String> now = threads();
    now.removeAll(before);
    // The waiting itself, and a daemon that Ratis has once in a process.
    now.removeIf(name -> name.startsWith("awaitility") || name.matches("timer\\d+"));
    return now;
  }

  private record Run(TestExecutionSummary summary, String printed) {}

  private static Run run(Class<?>... classes) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Stream.of(classes).map(c -> selectClass(c)).toList())
            .build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    try (PrintStream printed = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(printed);
      System.setErr(printed);
      LauncherFactory.create().execute(request, listener);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return new Run(listener.getSummary(), bytes.toString(StandardCharsets.UTF_8));
  }

  /** Shares its cluster. */
  @FlotillaTest
  static class FirstCase {
    @Test
    void passes(FlotillaCluster cluster, @Topic TopicHandle topic) {
      FOLDERS.add(cluster.folder());
      topic.publish("one");
    }
  }

  /** Shares it, too. */
  @FlotillaTest
  static class SecondCase {
    @Test
    void passes(FlotillaCluster cluster) {
      FOLDERS.add(cluster.folder());
    }
  }

  /** Fails. */
  @FlotillaTest
  static class FailingCase {
    @Test
    void fails(FlotillaCluster cluster) {
      FOLDERS.add(cluster.folder());
      throw new AssertionError("on purpose");
    }
  }

  /** Is not run after all. */
  @FlotillaTest
  static class AbortedCase {
    @Test
    void aborts() {
      assumeTrue(false, "not here");
    }
  }

  /** Has a cluster of its own. */
  @FlotillaTest(fresh = true)
  static class FreshCase {
    @Test
    void passes(FlotillaCluster cluster) {
      FOLDERS.add(cluster.folder());
    }
  }

  /** Makes as many topics as a shared cluster holds. */
  @FlotillaTest
  static class ManyCase {
    @Test
    void passes(FlotillaCluster cluster) {
      FOLDERS.add(cluster.folder());
      for (int i = 0; i < 100; i++) {
        cluster.topicMade();
      }
    }
  }
}
