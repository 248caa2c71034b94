package io.flotilla.doctor;

import io.flotilla.client.GroupDescription;
import io.flotilla.client.GroupPartitionDescription;
import io.flotilla.client.GroupPartitionDescription.Progress;
import io.flotilla.words.Words;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which consumer groups are far behind and do not catch up: as the alert has it. Pure. */
final class GroupCheck {

  static final Duration LAG_WARN = Duration.ofMinutes(5);

  private GroupCheck() {}

  static Finding lagging(Evidence evidence) {
    String problem = evidence.groupsProblem();
    if (problem != null) {
      return Finding.unknown(Check.GROUP_LAGGING, problem);
    }
    Finding.Collector found = new Finding.Collector(Check.GROUP_LAGGING);
    Duration most = Duration.ZERO;
    for (GroupDescription group : evidence.groups()) {
      Worst worst = worst(group);
      if (worst != null) {
        if (worst.progress().lag().compareTo(most) > 0) {
          most = worst.progress().lag();
          found.shownBy("flotilla", "explain", "group", group.name());
        }
        found.warn(
            "group "
                + Words.printable(group.name())
                + " is "
                + Words.duration(worst.progress().lag())
                + " behind in "
                + Words.printable(worst.partition().partition().toString())
                + " ("
                + Words.count(worst.progress().lagEvents(), "event")
                + "), and does not catch up");
      }
    }
    int left = evidence.groupsLeft();
    return found.orOk(
        Words.count(evidence.groups().size(), "group")
            + " looked at"
            + (left > 0 ? ", " + Words.count(left) + " more were not" : ""));
  }

  private record Worst(GroupPartitionDescription partition, Progress progress) {}

  private static @Nullable Worst worst(GroupDescription group) {
    Worst worst = null;
    for (GroupPartitionDescription partition : group.partitions()) {
      Progress progress = partition.progress();
      if (progress != null
          && progress.lag().compareTo(LAG_WARN) > 0
          && progress.catchUp() == null
          && (worst == null || progress.lag().compareTo(worst.progress().lag()) > 0)) {
        worst = new Worst(partition, progress);
      }
    }
    return worst;
  }
}
