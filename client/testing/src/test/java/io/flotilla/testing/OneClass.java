package io.flotilla.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the tests of a class in this JVM, and prints how many passed. */
final class OneClass {

  private OneClass() {}

  /** The class's name is the only argument. */
  public static void main(String[] arguments) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(arguments[0])).build(),
            listener);
    TestExecutionSummary summary = listener.getSummary();
    summary.getFailures().forEach(failure -> System.err.println(failure.getException()));
    System.out.printf(
        "passed %d, failed %d%n", summary.getTestsSucceededCount(), summary.getTotalFailureCount());

    System.exit(0); // As test runners do.
  }
}
