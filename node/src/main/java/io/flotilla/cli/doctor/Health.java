package io.flotilla.cli.doctor;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Text;
import io.flotilla.client.ClusterDescription;
import io.flotilla.doctor.Check;
import io.flotilla.doctor.Checks;
import io.flotilla.doctor.Evidence;
import io.flotilla.doctor.Finding;
import io.flotilla.doctor.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code cluster health} answers, by those of the doctor's checks that are about serving. */
@Doc("Whether a cluster serves, with all its replicas.")
record Health(
    @Doc("It does.") boolean healthy,
    @Doc("The same in a sentence.") String message,
    @Doc("What is in the way, the worst first; empty when it is healthy.") List<Reason> problems,
    @Doc("How many nodes it has; 0: no server could tell.") int nodes,
    @Doc("How many partitions; 0: it has none, or no server could tell.") int partitions,
    @Doc("How long was waited for it with --wait; 0: it was so at once.") long waitedMs) {

  /**
   * From when on a check makes a cluster unhealthy. A replica that is missing does, though all can
   * be read and written: a script that goes on would risk the next.
   */
  private static final Map<Check, Verdict> LIMITS =
      Map.of(
          Check.CONNECTION, Verdict.FAIL,
          Check.NODE_DOWN, Verdict.FAIL,
          Check.METADATA_LEADERLESS, Verdict.WARN,
          Check.PARTITIONS_LEADERLESS, Verdict.FAIL,
          Check.REPLICA_DAMAGED, Verdict.FAIL,
          Check.UNDER_REPLICATED, Verdict.WARN,
          Check.FOLLOWERS_BEHIND, Verdict.WARN,
          Check.DISK_FULL_SOON, Verdict.FAIL);

  static Health of(Evidence evidence) {
    List<Reason> problems =
        Checks.all(evidence).stream()
            .filter(Health::isInTheWay)
            .sorted(Comparator.comparing(Finding::verdict).reversed())
            .map(finding -> Reason.of(finding.check(), String.join("; ", finding.what())))
            .toList();
    ClusterDescription cluster = evidence.cluster();
    int nodes = cluster == null ? 0 : cluster.nodes().size();
    int partitions = cluster == null ? 0 : cluster.partitionCount();
    String message =
        problems.isEmpty()
            ? "healthy: "
                + (nodes == 1 ? "its node answers" : "all " + nodes + " nodes answer")
                + ", "
                + Text.count(partitions, "partition")
                + (partitions == 1 ? " has" : " have")
                + " a leader and all replicas"
            : "not healthy: " + problems.get(0).because();
    return new Health(problems.isEmpty(), message, problems, nodes, partitions, 0);
  }

  /** It could be reached, and then the call failed: as a rule nodes come or go just now. */
  static Health failed(@Nullable String problem) {
    String because = problem == null ? "the cluster could not be described" : problem;
    return new Health(
        false, "not healthy: " + because, List.of(Reason.of(Check.CONNECTION, because)), 0, 0, 0);
  }

  private static boolean isInTheWay(Finding finding) {
    Verdict limit = LIMITS.get(finding.check());
    return limit != null && finding.verdict().compareTo(limit) >= 0;
  }

  Health after(Duration waited) {
    return new Health(healthy, message, problems, nodes, partitions, waited.toMillis());
  }

  List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add(Text.printable(message));
    for (Reason problem : problems) {
      lines.add("  because " + Text.printable(problem.because()) + " (" + problem.cause() + ")");
      lines.add("  do      " + problem.hint());
    }
    return lines;
  }
}
