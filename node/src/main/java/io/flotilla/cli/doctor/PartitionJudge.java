package io.flotilla.cli.doctor;

import io.flotilla.cli.doctor.PartitionCase.ReplicaRow;
import io.flotilla.cli.group.GroupText;
import io.flotilla.cli.output.Text;
import io.flotilla.client.ClusterDescription;
import io.flotilla.client.Leader;
import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.DiskState;
import io.flotilla.client.NodeDescription.State;
import io.flotilla.client.PartitionDescription;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.client.ReplicaDescription.Role;
import io.flotilla.client.TopicPartition;
import io.flotilla.doctor.Check;
import io.flotilla.doctor.Finding;
import io.flotilla.doctor.NodeChecks;
import io.flotilla.doctor.ReplicaChecks;
import io.flotilla.doctor.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges one partition by what the doctor checks of all, and says whether it can be written to.
 * Pure; for one thread.
 */
final class PartitionJudge {

  /** A damaged replica serves no reader, but it follows and votes. */
  private static final Set<Role> VOTING =
      Set.of(Role.LEADER, Role.FOLLOWER, Role.CANDIDATE, Role.DAMAGED);

  private final String name;
  private final PartitionDescription partition;
  private final ClusterDescription cluster;
  private final boolean told;
  private final List<ReplicaDescription> replicas;
  private final @Nullable ReplicaDescription leader;
  private final long voting;
  private final int majority;

  /**
   * @param cluster with its replicas
   */
  PartitionJudge(TopicPartition which, PartitionDescription partition, ClusterDescription cluster) {
    this.name = which.topic() + "/" + which.partition();
    this.partition = partition;
    List<ReplicaDescription> known =
        cluster.replicas().stream()
            .filter(each -> each.topic().equals(which.topic()))
            .filter(each -> each.partition() == which.partition())
            .toList();
    this.told = !known.isEmpty();
    this.cluster = alone(cluster, told ? known : guessed(which, partition, cluster));
    this.replicas = this.cluster.replicas();
    this.leader =
        replicas.stream()
            .filter(each -> each.role() == Role.LEADER)
            .max(Comparator.comparingLong(ReplicaDescription::term))
            .orElse(null);
    this.voting = replicas.stream().filter(each -> VOTING.contains(each.role())).count();
    this.majority = replicas.size() / 2 + 1;
  }

  /** A cluster of this partition and the nodes that hold it. */
  private static ClusterDescription alone(
      ClusterDescription all, List<ReplicaDescription> replicas) {
    Set<Integer> holders =
        replicas.stream().map(ReplicaDescription::nodeId).collect(Collectors.toSet());
    return new ClusterDescription(
        all.clusterId(),
        all.revision(),
        all.nodes().stream().filter(node -> holders.contains(node.nodeId())).toList(),
        all.metadataLeader(),
        all.metadataTerm(),
        1,
        1,
        replicas,
        all.answeredBy(),
        all.topicAutoCreate(),
        all.metadataVoters(),
        all.clock());
  }

  /** One call tells of 10,000 replicas; of others it is known whether their nodes answer. */
  private static List<ReplicaDescription> guessed(
      TopicPartition which, PartitionDescription partition, ClusterDescription cluster) {
    Set<Integer> up =
        cluster.nodes().stream()
            .filter(node -> node.state() == State.UP)
            .map(NodeDescription::nodeId)
            .collect(Collectors.toSet());
    Leader leader = partition.leader();
    List<ReplicaDescription> replicas = new ArrayList<>();
    for (int node : partition.replicas()) {
      Role role =
          !up.contains(node)
              ? Role.UNKNOWN
              : leader != null && leader.nodeId() == node ? Role.LEADER : Role.FOLLOWER;
      long term = leader == null ? 0 : leader.term();
      replicas.add(
          new ReplicaDescription(which.topic(), which.partition(), node, role, term, 0, 0, 0, 0));
    }
    return replicas;
  }

  PartitionCase judge(TopicPartition which) {
    List<Reason> reasons = reasons();
    boolean writable = leader != null && voting >= majority && full().isEmpty();
    Verdict verdict = !writable ? Verdict.FAIL : reasons.isEmpty() ? Verdict.OK : Verdict.WARN;
    return new PartitionCase(
        which.topic(),
        which.partition(),
        verdict.text(),
        message(verdict),
        where(),
        reasons,
        writable,
        leader == null ? null : leader.nodeId(),
        leader == null ? null : leader.term(),
        majority,
        partition.replicas().stream().map(this::row).toList());
  }

  private String message(Verdict verdict) {
    if (leader == null) {
      return name + " has no leader: nothing can be written to it";
    }
    String led = "node " + leader.nodeId() + " leads it in term " + leader.term();
    if (voting < majority) {
      return name + " cannot be written to: " + led + ", but " + answering();
    }
    if (verdict == Verdict.FAIL) {
      return name + " cannot be written to, only read: a disk is full";
    }
    return name
        + (verdict == Verdict.OK ? " is well" : " is not all well, but can be written to")
        + ": "
        + led
        + ", and "
        + answering();
  }

  private String answering() {
    int all = replicas.size();
    if (voting == all) {
      return all == 1 ? "its only replica answers" : "all " + all + " replicas answer";
    }
    return voting + " of its " + all + (voting == 1 ? " replicas answers" : " replicas answer");
  }

  private String where() {
    return "node "
        + cluster.answeredBy()
        + ", and by it "
        + (told
            ? "every node that holds a replica"
            : "all nodes; more than 10,000 replicas are not told by one call, and those of "
                + name
                + " are not among them: how far they are is not known");
  }

  private List<Reason> reasons() {
    List<Finding> findings = new ArrayList<>(ReplicaChecks.all(cluster));
    findings.add(NodeChecks.down(cluster, Map.of()));
    if (!full().isEmpty()) { // One that is nearly full hinders nobody yet: the doctor tells.
      findings.add(NodeChecks.disks(cluster));
    }
    return findings.stream()
        .filter(finding -> finding.verdict().compareTo(Verdict.UNKNOWN) > 0)
        .sorted(Comparator.comparing(Finding::verdict).reversed())
        .flatMap(finding -> reasons(finding).stream())
        .toList();
  }

  /** What the doctor says of many partitions, said of this one. */
  private List<Reason> reasons(Finding finding) {
    return switch (finding.check()) {
      case NODE_DOWN -> List.of(silence());
      case PARTITIONS_LEADERLESS -> voting < majority ? List.of() : List.of(election());
      case UNDER_REPLICATED -> rebuilding();
      default -> List.of(Reason.of(finding.check(), String.join("; ", finding.what())));
    };
  }

  private Reason silence() {
    List<NodeDescription> silent = silentNodes();
    String because =
        silent.size()
            + " of its "
            + Text.count(replicas.size(), "replica")
            + (silent.size() == 1 ? " is silent: " : " are silent: ")
            + silent.stream().map(PartitionJudge::told).collect(Collectors.joining(", "));
    long needed = majority - voting;
    if (needed <= 0) {
      return Reason.of(
          Check.NODE_DOWN,
          because
              + (voting == majority
                  ? "; if one more falls silent nothing can be written"
                  : "; more than a majority answers"));
    }
    String which =
        silent.stream().map(node -> "node " + node.nodeId()).collect(Collectors.joining(" or "));
    return new Reason(
        Check.PARTITIONS_LEADERLESS.label(),
        because + "; a leader needs " + majority + " of " + replicas.size() + " that answer",
        "bring back "
            + (needed < silent.size() && needed > 1 ? needed + " of " : "")
            + (needed == silent.size() ? which.replace(" or ", " and ") : which)
            + ": "
            + Check.NODE_DOWN.remedy(),
        Check.PARTITIONS_LEADERLESS.runbook());
  }

  private static String told(NodeDescription node) {
    Duration silent = node.silent();
    return "node "
        + node.nodeId()
        + " at "
        + node.host()
        + ":"
        + node.port()
        + (silent == null ? "" : " for " + GroupText.span(silent));
  }

  private Reason election() {
    return new Reason(
        Check.PARTITIONS_LEADERLESS.label(),
        answering() + ", enough to elect a leader, which takes seconds",
        "wait, and ask again; if it lasts, see the logs of nodes "
            + replicas.stream()
                .map(each -> String.valueOf(each.nodeId()))
                .collect(Collectors.joining(", ")),
        Check.PARTITIONS_LEADERLESS.runbook());
  }

  /** Replicas that are missing although their nodes answer. */
  private List<Reason> rebuilding() {
    Set<Integer> silent =
        silentNodes().stream().map(NodeDescription::nodeId).collect(Collectors.toSet());
    List<Reason> reasons = new ArrayList<>();
    for (ReplicaDescription replica : replicas) {
      if (replica.role() == Role.JOINING) {
        reasons.add(
            new Reason(
                Check.UNDER_REPLICATED.label(),
                "node " + replica.nodeId() + " rebuilds its replica, and has no vote meanwhile",
                "wait; how far it is: flotilla cluster describe --watch",
                Check.UNDER_REPLICATED.runbook()));
      } else if (replica.role() == Role.UNKNOWN && !silent.contains(replica.nodeId())) {
        reasons.add(
            new Reason(
                Check.UNDER_REPLICATED.label(),
                "node " + replica.nodeId() + " answers, but has not opened its replica",
                "wait while it starts; if it lasts, its log says why",
                Check.UNDER_REPLICATED.runbook()));
      }
    }
    return reasons;
  }

  private List<NodeDescription> silentNodes() {
    return cluster.nodes().stream().filter(node -> node.state() == State.UNREACHABLE).toList();
  }

  private List<NodeDescription> full() {
    return cluster.nodes().stream().filter(node -> node.diskState() == DiskState.FULL).toList();
  }

  private ReplicaRow row(int node) {
    NodeDescription holder =
        cluster.nodes().stream().filter(each -> each.nodeId() == node).findFirst().orElse(null);
    ReplicaDescription replica =
        replicas.stream().filter(each -> each.nodeId() == node).findFirst().orElse(null);
    Role role = replica == null ? Role.UNKNOWN : replica.role();
    ReplicaDescription said = told && role != Role.UNKNOWN ? replica : null;
    Duration silent = holder == null ? null : holder.silent();
    return new ReplicaRow(
        node,
        holder == null ? Text.NONE : holder.host() + ":" + holder.port(),
        role.name().toLowerCase(Locale.ROOT),
        silent == null ? null : (Long) silent.toMillis(),
        said == null ? null : (Long) said.highWatermark(),
        said == null ? null : (Long) said.lagEvents());
  }
}
