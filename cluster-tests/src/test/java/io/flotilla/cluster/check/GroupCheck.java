package io.flotilla.cluster.check;

import static io.flotilla.cluster.check.Violation.Invariant.COMMITTED_IS_DELIVERED;
import static io.flotilla.cluster.check.Violation.Invariant.COMMIT_IS_KEPT;
import static io.flotilla.cluster.check.Violation.Invariant.COMMIT_OF_OWNER_ONLY;
import static io.flotilla.cluster.check.Violation.Invariant.GENERATION_RISES;
import static io.flotilla.cluster.check.Violation.Invariant.ONE_OWNER;

import io.flotilla.cluster.check.Fact.Assigned;
import io.flotilla.cluster.check.Fact.CommitSeen;
import io.flotilla.cluster.check.Fact.Committed;
import io.flotilla.cluster.check.Fact.Delivered;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * G1 to G7 for one partition of one group, linear but for sorting by time: one owner a generation,
 * generations that rise for each member, a commit only of the newest owner and never undone, and no
 * event below what is committed that nobody got.
 */
final class GroupCheck {
  private final Findings findings;

  GroupCheck(Findings findings) {
    this.findings = findings;
  }

  /** All of one partition. */
  void check(
      List<Assigned> assigned,
      List<Delivered> delivered,
      List<Committed> committed,
      List<CommitSeen> seen) {
    checkOwners(assigned);
    checkStarts(assigned, committed);
    checkGenerations(committed);
    checkSeen(committed, seen);
    checkDelivered(delivered, committed);
  }

  private void checkOwners(List<Assigned> assigned) {
    Map<Long, Assigned> owners = new HashMap<>();
    Map<String, Assigned> last = new HashMap<>();
    for (Assigned now : assigned) {
      Assigned other = owners.putIfAbsent(now.generation(), now);
      if (other != null && !other.member().equals(now.member())) {
        findings.report(ONE_OWNER, now + " and " + other);
      }
      Assigned before = last.put(now.member(), now);
      if (before != null && before.generation() > now.generation()) {
        findings.report(GENERATION_RISES, now + " after " + before);
      }
    }
  }

  /** Whoever takes over begins behind everything that was committed before. */
  private void checkStarts(List<Assigned> assigned, List<Committed> committed) {
    TreeMap<Long, Committed> highest = new TreeMap<>();
    for (Committed commit : committed) {
      highest.merge(commit.generation(), commit, (a, b) -> a.offset() >= b.offset() ? a : b);
    }
    TreeMap<Long, Committed> upTo = new TreeMap<>();
    Committed most = null;
    for (Map.Entry<Long, Committed> entry : highest.entrySet()) {
      Committed commit = entry.getValue();
      most = most == null || commit.offset() > most.offset() ? commit : most;
      upTo.put(entry.getKey(), most);
    }
    for (Assigned now : assigned) {
      Map.Entry<Long, Committed> before = upTo.lowerEntry(now.generation());
      if (before != null && before.getValue().offset() > now.startOffset()) {
        findings.report(COMMIT_IS_KEPT, now + " begins before " + before.getValue());
      }
    }
  }

  /** A commit that began after one of a newer generation was accepted is of a deposed owner. */
  private void checkGenerations(List<Committed> committed) {
    List<Committed> byBegin =
        committed.stream().sorted(Comparator.comparingLong(Committed::invokedNanos)).toList();
    List<Committed> byEnd =
        committed.stream().sorted(Comparator.comparingLong(Committed::completedNanos)).toList();
    int known = 0;
    Committed newest = null;
    for (Committed now : byBegin) {
      while (known < byEnd.size() && byEnd.get(known).completedNanos() < now.invokedNanos()) {
        Committed before = byEnd.get(known++);
        newest = newest == null || before.generation() > newest.generation() ? before : newest;
      }
      if (newest != null && now.generation() < newest.generation()) {
        findings.report(COMMIT_OF_OWNER_ONLY, now + " was accepted after " + newest);
      }
    }
  }

  private void checkSeen(List<Committed> committed, List<CommitSeen> seen) {
    List<Committed> commits =
        committed.stream().sorted(Comparator.comparingLong(Committed::completedNanos)).toList();
    List<CommitSeen> byEnd =
        seen.stream().sorted(Comparator.comparingLong(CommitSeen::completedNanos)).toList();
    List<CommitSeen> byBegin =
        seen.stream().sorted(Comparator.comparingLong(CommitSeen::invokedNanos)).toList();
    int knownCommits = 0;
    int knownSeen = 0;
    long least = 0;
    String why = "";
    for (CommitSeen now : byBegin) {
      while (knownCommits < commits.size()
          && commits.get(knownCommits).completedNanos() < now.invokedNanos()) {
        Committed commit = commits.get(knownCommits++);
        if (commit.offset() > least) {
          least = commit.offset();
          why = commit.toString();
        }
      }
      while (knownSeen < byEnd.size()
          && byEnd.get(knownSeen).completedNanos() < now.invokedNanos()) {
        CommitSeen before = byEnd.get(knownSeen++);
        if (before.offset() > least) {
          least = before.offset();
          why = before.toString();
        }
      }
      if (now.offset() < least) {
        findings.report(COMMIT_IS_KEPT, now + " after " + why);
      }
    }
  }

  private void checkDelivered(List<Delivered> delivered, List<Committed> committed) {
    Set<Long> got = new HashSet<>();
    delivered.forEach(event -> got.add(event.offset()));
    Committed most =
        committed.stream().max(Comparator.comparingLong(Committed::offset)).orElse(null);
    if (most == null) {
      return;
    }
    for (long offset = 0; offset < most.offset(); offset++) {
      if (!got.contains(offset)) {
        findings.report(
            COMMITTED_IS_DELIVERED, "nobody got offset " + offset + ", which is below " + most);
      }
    }
  }
}
