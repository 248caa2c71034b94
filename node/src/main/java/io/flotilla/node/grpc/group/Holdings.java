package io.flotilla.node.grpc.group;

import io.flotilla.node.grpc.read.EventChunk;
import io.flotilla.node.model.PartitionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a member has here, whose events it gets in turn, and how many of those it has
 * not acknowledged. Confined to the member's serial executor.
 */
final class Holdings {

  /** Events and where they are from. */
  record Taken(HeldPartition from, EventChunk chunk) {}

  private final Map<PartitionId, HeldPartition> held = new TreeMap<>();
  private List<HeldPartition> turns = List.of();
  private int turn;
  private long unacked;

  Collection<HeldPartition> all() {
    return held.values();
  }

  @Nullable HeldPartition get(PartitionId id) {
    return held.get(id);
  }

  /** It is still held as it was. */
  boolean has(HeldPartition one) {
    HeldPartition now = held.get(one.id());
    return now != null && now.equals(one);
  }

  @Nullable HeldPartition find(String topic, int partition) {
    for (HeldPartition one : held.values()) {
      if (one.id().partition() == partition && one.topic().name().equals(topic)) {
        return one;
      }
    }
    return null;
  }

  void add(HeldPartition one) {
    held.put(one.id(), one);
    turns = List.copyOf(held.values());
  }

  void drop(HeldPartition one) {
    unacked -= one.close();
    held.remove(one.id(), one);
    turns = List.copyOf(held.values());
  }

  /** So many delivered events were acknowledged. */
  void acked(int events) {
    unacked -= events;
  }

  /** Delivered and not yet acknowledged. */
  long unacked() {
    return unacked;
  }

  /** The next events of the next partition that has some; null when none has. */
  @Nullable Taken next(int bytesMax, long eventsMax) {
    for (int i = turns.size(); i > 0 && !turns.isEmpty(); i--) { // One may be lost by looking.
      turn = (turn + 1) % turns.size();
      HeldPartition one = turns.get(turn);
      EventChunk chunk = one.next(bytesMax, eventsMax);
      if (chunk != null) {
        unacked += chunk.events().size();
        return new Taken(one, chunk);
      }
    }
    return null;
  }

  boolean mayHaveMore() {
    return turns.stream().anyMatch(HeldPartition::mayHaveMore);
  }

  void close() {
    held.values().forEach(HeldPartition::close);
    held.clear();
    turns = List.of();
  }
}
