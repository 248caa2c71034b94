package io.flotilla.client;

import java.util.Comparator;

/**
 * A partition of a topic.
 *
 * @param topic the topic's name
 * @param partition the partition's number
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {

  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  public TopicPartition {
    if (topic.isEmpty()) {
      throw new IllegalArgumentException("a topic is needed");
    }
    Checks.range("a partition", partition, 0, Integer.MAX_VALUE);
  }

  /** By topic, then by number. */
  @Override
  public int compareTo(TopicPartition other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
