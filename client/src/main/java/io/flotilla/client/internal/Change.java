package io.flotilla.client.internal;

import io.flotilla.client.TopicPartition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Something that the listener is to be told. Its partitions shrink when they are lost before.
 *
 * @param kind what happened
 * @param held to which partitions
 * @param from of a reset: the offset that is gone
 * @param to of a reset: where reading goes on
 */
record Change(Kind kind, Set<Held> held, long from, long to) {

  /** What happened. */
  enum Kind {
    ASSIGNED,
    REVOKED,
    LOST,
    RESET
  }

  static Change of(Kind kind, List<Held> held) {
    return new Change(kind, new LinkedHashSet<>(held), 0, 0);
  }

  static Change reset(Held held, long from, long to) {
    return new Change(Kind.RESET, new LinkedHashSet<>(List.of(held)), from, to);
  }

  Set<TopicPartition> partitions() {
    Set<TopicPartition> partitions = new TreeSet<>();
    held.forEach(each -> partitions.add(each.partition));
    return partitions;
  }
}
