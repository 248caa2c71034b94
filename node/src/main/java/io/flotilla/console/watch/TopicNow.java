package io.flotilla.console.watch;

import io.flotilla.client.TopicDescription;
import java.util.List;

/**
 * A topic with its partitions.
 *
 * @param description without its partitions
 * @param partitions in order; fewer than it has when a cluster has more replicas than are told
 */
public record TopicNow(TopicDescription description, List<PartitionNow> partitions) {

  public TopicNow {
    partitions = List.copyOf(partitions);
  }

  public String name() {
    return description.name();
  }

  public double perSecond() {
    return partitions.stream().mapToDouble(PartitionNow::perSecond).sum();
  }

  /** Offsets between start and end of all partitions; compaction may have emptied some. */
  public long events() {
    return partitions.stream().mapToLong(each -> Math.max(0, each.end() - each.start())).sum();
  }

  public long leaderless() {
    return partitions.stream().filter(each -> each.leader() == null).count();
  }

  public long incomplete() {
    return partitions.stream().filter(each -> !each.missing().isEmpty()).count();
  }
}
