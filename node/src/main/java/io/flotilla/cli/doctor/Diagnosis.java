package io.flotilla.cli.doctor;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.doctor.Check;
import io.flotilla.doctor.Checks;
import io.flotilla.doctor.Evidence;
import io.flotilla.doctor.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What {@code doctor} answers. */
@Doc("What is wrong with a cluster, and what to do about it.")
record Diagnosis(
    @Doc("The worst result: ok, warn or fail.") String result,
    @Doc("The checks, the worst first.") List<Row> checks) {

  private static final String NOT_ASKED =
      "not asked, since it takes numbers over time: PublishFailing, PublishSlow,"
          + " LeadershipFlapping, StoreStalled (docker/monitoring)";

  /** One check. */
  @Doc("A check.")
  record Row(
      @Doc("Its name; where Prometheus has an alert of it, the alert's without Flotilla.")
          String check,
      @Doc("ok, warn, fail, or unknown when it could not be looked at.") String result,
      @Doc("What was found, the most important first.") List<String> findings,
      @Doc("What to do; empty when nothing is wrong.") String remedy,
      @Doc("The command that shows more of it, or whether it is over; empty when nothing is wrong.")
          String command,
      @Doc("The runbook's section in the repository; empty when there is none.") String runbook) {

    static Row of(Finding finding) {
      boolean wrong = finding.wrong();
      return new Row(
          finding.check().label(),
          finding.verdict().text(),
          finding.what(),
          wrong ? finding.check().remedy() : "",
          wrong ? String.join(" ", finding.command()) : "",
          wrong ? finding.check().runbook() : "");
    }
  }

  static Diagnosis of(Evidence evidence, Set<Check> wanted) {
    List<Finding> findings = new ArrayList<>(Checks.all(evidence));
    findings.removeIf(finding -> !wanted.contains(finding.check()));
    return new Diagnosis(Checks.result(findings).text(), findings.stream().map(Row::of).toList());
  }

  List<String> text(boolean wide) {
    Table<Row> table =
        new Table<Row>()
            .text("RESULT", Row::result)
            .text("CHECK", Row::check)
            .text("FOUND", row -> row.findings().get(0));
    List<String> lines = new ArrayList<>(table.render(checks, wide));
    for (Row row : checks) {
      if (!row.remedy().isEmpty()) {
        lines.add("");
        lines.add(row.check());
        row.findings().forEach(found -> lines.add("  found  " + Text.printable(found)));
        lines.add("  do     " + row.remedy());
        lines.add("  look   " + row.command());
        if (!row.runbook().isEmpty()) {
          lines.add("  more   " + row.runbook());
        }
      }
    }
    lines.add("");
    lines.add(NOT_ASKED);
    lines.add(result.equals("ok") ? "nothing is wrong" : "something is wrong: " + result);
    return lines;
  }
}
