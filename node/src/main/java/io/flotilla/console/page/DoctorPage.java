package io.flotilla.console.page;

import io.flotilla.console.watch.GroupLook;
import io.flotilla.console.watch.Sample;
import io.flotilla.console.watch.Watch;
import io.flotilla.doctor.Check;
import io.flotilla.doctor.Checks;
import io.flotilla.doctor.Evidence;
import io.flotilla.doctor.Finding;
import io.flotilla.doctor.Verdict;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What is wrong, and what to do: the checks of {@code flotilla doctor}, of what the last sample
 * saw. Nobody is asked anew; whether other machines reach the nodes, only the command says, there.
 *
 * @param result ok, warn or fail
 * @param atMs when the cluster was looked at, in milliseconds since 1970
 * @param checks the worst first
 */
record DoctorPage(String result, long atMs, List<Row> checks) {

  /**
   * A check.
   *
   * @param result ok, unknown, warn or fail
   * @param what what was found, or seen of a check that is well
   * @param remedy what to do; empty when nothing is wrong
   * @param command what shows more, word by word; empty when nothing is wrong
   * @param runbook its section in the repository; empty when there is none
   */
  record Row(
      String check,
      String result,
      List<String> what,
      String remedy,
      List<String> command,
      String runbook) {

    static Row of(Finding finding) {
      Check check = finding.check();
      return finding.wrong()
          ? new Row(
              check.label(),
              finding.verdict().text(),
              finding.what(),
              check.remedy(),
              finding.command(),
              check.runbook())
          : new Row(check.label(), finding.verdict().text(), finding.what(), "", List.of(), "");
    }
  }

  /** How many checks came out how; for the front page. */
  record Sum(long fail, long warn) {}

  static DoctorPage of(Sample sample, Watch watch) {
    List<Finding> findings = findings(sample, watch);
    return new DoctorPage(
        Checks.result(findings).text(), sample.atMs(), findings.stream().map(Row::of).toList());
  }

  static Sum sum(Sample sample, Watch watch) {
    List<Finding> findings = findings(sample, watch);
    return new Sum(count(findings, Verdict.FAIL), count(findings, Verdict.WARN));
  }

  private static long count(List<Finding> findings, Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  private static List<Finding> findings(Sample sample, Watch watch) {
    Collection<GroupLook> looks = watch.groupLooks();
    return Checks.all(
        new Evidence(
            Collections.singletonMap("node " + sample.cluster().answeredBy(), null),
            Map.of(),
            sample.cluster(),
            null,
            looks.stream().map(GroupLook::group).toList(),
            Math.max(0, watch.groups().size() - looks.size()),
            watch.groupsProblem()));
  }
}
