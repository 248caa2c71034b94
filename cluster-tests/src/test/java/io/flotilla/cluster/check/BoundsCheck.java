package io.flotilla.cluster.check;

import static io.flotilla.cluster.check.Violation.Invariant.BOUNDS_NEVER_FALL;
import static io.flotilla.cluster.check.Violation.Invariant.END_IS_CURRENT;

import io.flotilla.cluster.check.Fact.BoundsSeen;
import io.flotilla.cluster.check.Write.Outcome;
import java.util.Comparator;
import java.util.List;

/**
 * O5 and R1: where a log begins and ends never goes back in real time, and an end lies behind
 * everything that was acknowledged before it was asked for. For one partition, two sweeps over
 * time: the highest that was known when a call began is compared with what the call answered.
 */
final class BoundsCheck {
  private final Findings findings;

  BoundsCheck(Findings findings) {
    this.findings = findings;
  }

  /** Both of one partition. */
  void check(List<BoundsSeen> seen, List<Write> writes) {
    List<BoundsSeen> byBegin =
        seen.stream().sorted(Comparator.comparingLong(BoundsSeen::invokedNanos)).toList();
    checkAgainstEarlier(byBegin, seen);
    checkAgainstWrites(byBegin, writes);
  }

  private void checkAgainstEarlier(List<BoundsSeen> byBegin, List<BoundsSeen> seen) {
    List<BoundsSeen> byEnd =
        seen.stream().sorted(Comparator.comparingLong(BoundsSeen::completedNanos)).toList();
    int known = 0;
    BoundsSeen highestStart = null;
    BoundsSeen highestEnd = null;
    for (BoundsSeen now : byBegin) {
      while (known < byEnd.size() && byEnd.get(known).completedNanos() < now.invokedNanos()) {
        BoundsSeen before = byEnd.get(known++);
        if (highestStart == null || before.start() > highestStart.start()) {
          highestStart = before;
        }
        if (highestEnd == null || before.end() > highestEnd.end()) {
          highestEnd = before;
        }
      }
      if (highestStart != null && now.start() < highestStart.start()) {
        findings.report(BOUNDS_NEVER_FALL, now + " begins before the older " + highestStart);
      }
      if (highestEnd != null && now.end() < highestEnd.end()) {
        findings.report(BOUNDS_NEVER_FALL, now + " ends before the older " + highestEnd);
      }
    }
  }

  private void checkAgainstWrites(List<BoundsSeen> byBegin, List<Write> writes) {
    List<Write> byEnd =
        writes.stream()
            .filter(write -> write.outcome() == Outcome.OK)
            .sorted(Comparator.comparingLong(Write::completedNanos))
            .toList();
    int known = 0;
    Write highest = null;
    for (BoundsSeen now : byBegin) {
      while (known < byEnd.size() && byEnd.get(known).completedNanos() < now.invokedNanos()) {
        Write before = byEnd.get(known++);
        if (highest == null || before.offset() > highest.offset()) {
          highest = before;
        }
      }
      if (highest != null && now.end() <= highest.offset()) {
        findings.report(END_IS_CURRENT, now + " does not know of " + highest);
      }
    }
  }
}
