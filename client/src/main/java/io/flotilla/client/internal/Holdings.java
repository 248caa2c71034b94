package io.flotilla.client.internal;

import io.flotilla.client.TopicPartition;
import io.flotilla.proto.v1.AssignedPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a member has, and what its listener is still to be told about them. A
 * partition that goes before its coming was told is not mentioned at all, which also bounds the
 * changes that wait. Guarded by the {@link Fetcher}'s monitor.
 */
final class Holdings {

  private final Fetcher fetcher;
  private final boolean silent;
  private final Map<TopicPartition, Held> held = new TreeMap<>();
  private final Map<TopicPartition, Long> released = new HashMap<>(); // by generation
  private final ArrayDeque<Change> changes = new ArrayDeque<>();

  /**
   * @param silent nobody listens: partitions that owe nothing may go without the polling thread
   */
  Holdings(Fetcher fetcher, boolean silent) {
    this.fetcher = fetcher;
    this.silent = silent;
  }

  Collection<Held> all() {
    return held.values();
  }

  @Nullable Held get(TopicPartition partition) {
    return held.get(partition);
  }

  boolean has(Held one) {
    return held.get(one.partition) == one;
  }

  /**
   * Takes partitions that are the member's from now on, and answers those that were released
   * before, which the cluster has not heard of.
   *
   * @param all what is not named is no longer the member's
   */
  List<io.flotilla.proto.v1.TopicPartition> assigned(List<AssignedPartition> some, boolean all) {
    List<Held> fresh = new ArrayList<>();
    List<io.flotilla.proto.v1.TopicPartition> again = new ArrayList<>();
    Set<TopicPartition> named = new HashSet<>();
    for (AssignedPartition assigned : some) {
      Held next = new Held(assigned);
      named.add(next.partition);
      Held old = held.get(next.partition);
      Long letGo = released.get(next.partition);
      if (old != null && old.is(assigned)) {
        continue;
      }
      if (all && letGo != null && letGo == next.generation) {
        again.add(next.wire());
        continue;
      }
      if (old != null) {
        lose(List.of(old));
      }
      fresh.add(next);
    }
    if (all) {
      lose(held.values().stream().filter(each -> !named.contains(each.partition)).toList());
    }
    take(fresh);
    some.stream().filter(AssignedPartition::hasReset).forEach(this::reset);
    return again;
  }

  private void take(List<Held> fresh) {
    for (Held each : fresh) {
      held.put(each.partition, each);
      released.remove(each.partition);
    }
    tell(Change.of(Change.Kind.ASSIGNED, fresh));
    fetcher.add(fresh.stream().map(each -> each.reader).toList());
  }

  private void reset(AssignedPartition assigned) {
    Held one = held.get(new TopicPartition(assigned.getTopic(), assigned.getPartition()));
    if (one != null && !one.told && one.is(assigned)) {
      reset(one, assigned.getReset().getFromOffset(), assigned.getReset().getToOffset());
    }
  }

  void reset(Held one, long from, long to) {
    tell(Change.reset(one, from, to));
  }

  /** Stops reading them, and answers those that can be let go without asking anybody. */
  List<io.flotilla.proto.v1.TopicPartition> revoked(
      List<io.flotilla.proto.v1.TopicPartition> some) {
    List<io.flotilla.proto.v1.TopicPartition> gone = new ArrayList<>();
    List<Held> kept = new ArrayList<>();
    for (io.flotilla.proto.v1.TopicPartition each : some) {
      Held one = held.get(new TopicPartition(each.getTopic(), each.getPartition()));
      if (one == null) {
        gone.add(each);
      } else if (!one.revoked) {
        one.revoked = true;
        fetcher.remove(one.reader);
        if (!one.told || (silent && !one.owes())) {
          forget(one);
          released.put(one.partition, one.generation);
          gone.add(each);
        } else {
          kept.add(one);
        }
      }
    }
    tell(Change.of(Change.Kind.REVOKED, kept));
    return gone;
  }

  /** The listener was told: lets them go, and answers those that were still the member's. */
  List<io.flotilla.proto.v1.TopicPartition> release(Collection<Held> some) {
    List<Held> gone = some.stream().filter(this::has).toList();
    for (Held one : gone) {
      forget(one);
      released.put(one.partition, one.generation);
    }
    return gone.stream().map(Held::wire).toList();
  }

  void lost(List<io.flotilla.proto.v1.TopicPartition> some) {
    List<Held> gone = new ArrayList<>();
    for (io.flotilla.proto.v1.TopicPartition each : some) {
      TopicPartition partition = new TopicPartition(each.getTopic(), each.getPartition());
      Held one = held.get(partition);
      if (one != null) {
        gone.add(one);
      }
      released.remove(partition);
    }
    lose(gone);
  }

  void loseAll() {
    lose(List.copyOf(held.values()));
    released.clear();
  }

  private void lose(List<Held> gone) {
    for (Held one : gone) {
      forget(one);
    }
    tell(Change.of(Change.Kind.LOST, gone.stream().filter(each -> each.told).toList()));
  }

  private void forget(Held one) {
    held.remove(one.partition, one);
    fetcher.remove(one.reader);
    changes.forEach(change -> change.held().remove(one));
    changes.removeIf(change -> change.held().isEmpty());
  }

  private void tell(Change change) {
    if (!change.held().isEmpty()) {
      changes.addLast(change);
    }
  }

  boolean hasChanges() {
    return !changes.isEmpty();
  }

  /** The next thing to tell; from then on it counts as told. */
  @Nullable Change nextChange() {
    Change change = changes.pollFirst();
    if (change != null && change.kind() == Change.Kind.ASSIGNED) {
      change.held().forEach(each -> each.told = true);
    }
    return change;
  }

  /** Partitions that are lost although something was handed out, and nobody was told yet. */
  List<TopicPartition> lostInSilence() {
    return changes.stream()
        .filter(change -> change.kind() == Change.Kind.LOST)
        .flatMap(change -> change.held().stream())
        .filter(Held::owes)
        .map(each -> each.partition)
        .toList();
  }
}
