package io.flotilla.cli.doctor;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Table;
import io.flotilla.cli.output.Text;
import io.flotilla.client.ClusterDescription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
      @Doc("The runbook's section in the repository; empty when there is none.") String runbook) {

    static Row of(Finding finding) {
      boolean wrong = finding.verdict().compareTo(Verdict.UNKNOWN) > 0;
      return new Row(
          finding.check().label(),
          finding.verdict().text(),
          finding.what(),
          wrong ? finding.check().remedy() : "",
          wrong ? finding.check().runbook() : "");
    }
  }

  static Diagnosis of(Evidence evidence, Set<Check> wanted) {
    List<Finding> findings = new ArrayList<>(findings(evidence));
    findings.removeIf(finding -> !wanted.contains(finding.check()));
    findings.sort(Comparator.comparing(Finding::verdict).reversed());
    Verdict worst = findings.isEmpty() ? Verdict.OK : findings.get(0).verdict();
    return new Diagnosis(
        (worst == Verdict.UNKNOWN ? Verdict.OK : worst).text(),
        findings.stream().map(Row::of).toList());
  }

  private static List<Finding> findings(Evidence evidence) {
    List<Finding> findings = new ArrayList<>();
    ClusterDescription cluster = evidence.cluster();
    findings.add(connection(evidence.servers(), cluster));
    if (cluster == null) {
      for (Check check : Check.values()) {
        if (check != Check.CONNECTION) {
          findings.add(Finding.unknown(check, "no server could be asked"));
        }
      }
      return findings;
    }
    findings.add(NodeChecks.down(cluster, evidence.nodes()));
    findings.add(NodeChecks.metadata(cluster));
    findings.addAll(ReplicaChecks.all(cluster));
    findings.add(NodeChecks.disks(cluster));
    findings.add(NodeChecks.clocks(cluster, evidence.clockAhead()));
    findings.add(NodeChecks.versions(cluster));
    findings.add(NodeChecks.limits(cluster));
    findings.add(GroupCheck.lagging(evidence));
    return findings;
  }

  private static Finding connection(
      Map<String, @Nullable String> servers, @Nullable ClusterDescription cluster) {
    Finding.Collector found = new Finding.Collector(Check.CONNECTION);
    servers.forEach(
        (server, problem) -> {
          if (problem != null && cluster == null) {
            found.fail(server + ": " + problem);
          } else if (problem != null) {
            found.warn(server + ": " + problem);
          }
        });
    return found.orOk(
        String.join(", ", servers.keySet()) + ": name resolved, connected, gRPC ok, ready");
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
