package io.flotilla.doctor;

import io.flotilla.client.ClusterDescription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that is looked at. Pure, stateless. */
public final class Checks {

  private Checks() {}

  /** What each check found, the worst first. */
  public static List<Finding> all(Evidence evidence) {
    List<Finding> findings = new ArrayList<>(inOrder(evidence));
    findings.sort(Comparator.comparing(Finding::verdict).reversed());
    return findings;
  }

  private static List<Finding> inOrder(Evidence evidence) {
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

  /** How the worst came out; what could not be looked at is not wrong for that. */
  public static Verdict result(List<Finding> worstFirst) {
    Verdict worst = worstFirst.isEmpty() ? Verdict.OK : worstFirst.get(0).verdict();
    return worst == Verdict.UNKNOWN ? Verdict.OK : worst;
  }
}
