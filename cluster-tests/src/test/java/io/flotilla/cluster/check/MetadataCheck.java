package io.flotilla.cluster.check;

import static io.flotilla.cluster.check.Violation.Invariant.REVISION_NEVER_FALLS;
import static io.flotilla.cluster.check.Violation.Invariant.TOPIC_IS_KEPT;
import static io.flotilla.cluster.check.Violation.Invariant.TOPIC_IS_NEW;

import io.flotilla.cluster.check.Fact.RevisionSeen;
import io.flotilla.cluster.check.Fact.TopicSeen;
import io.flotilla.cluster.check.Fact.TopicStep;
import io.flotilla.cluster.check.Fact.Tried;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * M1, M2, M4, and whatever must be refused: what was acknowledged about topics is known to every
 * node in the end, a name that comes back is another topic, no process forgets metadata that it
 * had.
 */
final class MetadataCheck {
  private final Findings findings;

  MetadataCheck(Findings findings) {
    this.findings = findings;
  }

  void checkTopics(List<TopicStep> steps, List<TopicSeen> seen) {
    Map<String, TopicStep> last = new HashMap<>();
    Map<Long, TopicStep> ids = new HashMap<>();
    for (TopicStep step : steps) {
      last.put(step.topic(), step);
      TopicStep other = step.id() == 0 ? null : ids.put(step.id(), step);
      if (other != null) {
        findings.report(TOPIC_IS_NEW, step + " has the id of " + other);
      }
    }
    for (TopicSeen now : seen) {
      TopicStep step = last.get(now.topic());
      if (step != null && step.id() != now.id()) {
        findings.report(TOPIC_IS_KEPT, now + " in the end, after " + step);
      }
    }
  }

  /** All of one process, in the order of their answers. */
  void checkRevisions(List<RevisionSeen> seen) {
    RevisionSeen highest = null;
    for (RevisionSeen now : seen) {
      if (highest != null
          && now.revision() < highest.revision()
          && highest.completedNanos() < now.invokedNanos()) {
        findings.report(REVISION_NEVER_FALLS, now + " after " + highest);
      }
      highest = highest == null || now.revision() > highest.revision() ? now : highest;
    }
  }

  void checkTried(List<Tried> tried) {
    for (Tried one : tried) {
      if (one.accepted()) {
        findings.report(one.forbidden(), "accepted: " + one.what());
      }
    }
  }
}
