package io.flotilla.node.core.group;

import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.GroupTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Evenly over all topics, and nothing moves that need not: who should have had a partition keeps it
 * while it wants it; what nobody has goes to who has least; then the fullest gives to the emptiest
 * who wants it, while that makes them more even. With racks, what nobody has, or moves, goes to who
 * has a replica in its rack, up to a fair share: evenness first, then racks (Kafka's KIP-881), and
 * nothing moves for a rack alone. Stateless; no order depends on hashing.
 */
final class StickyAssignor implements Assignor {

  private final boolean byRack;

  StickyAssignor(boolean byRack) {
    this.byRack = byRack;
  }

  /** A member and what it is given. Ordered by how much that is, then by id. */
  private static final class Load implements Comparable<Load> {
    final Member member;
    final SortedSet<PartitionId> share = new TreeSet<>();
    final List<Pool> pools = new ArrayList<>();

    Load(Member member) {
      this.member = member;
    }

    @Override
    public int compareTo(Load other) {
      int bySize = Integer.compare(share.size(), other.share.size());
      return bySize != 0 ? bySize : member.id().compareTo(other.member.id());
    }
  }

  /** The members that want a topic; topics that the same members want share one. */
  private static final class Pool {
    final TreeSet<Load> loads = new TreeSet<>();
  }

  @Override
  public Map<String, SortedSet<PartitionId>> assign(
      SortedMap<String, Member> members, Collection<GroupTopic> topics) {
    return new Sharing(members, topics).share();
  }

  /** One run. Confined. */
  private final class Sharing {
    private final SortedMap<String, Load> loads = new TreeMap<>();
    private final Map<Integer, Pool> poolOf = new HashMap<>(); // looked up by topic id only
    private final Map<Integer, GroupTopic> topicOf = new HashMap<>(); // looked up only
    private final List<PartitionId> all = new ArrayList<>();

    Sharing(SortedMap<String, Member> members, Collection<GroupTopic> topics) {
      members.values().forEach(member -> loads.put(member.id(), new Load(member)));
      Map<List<String>, Pool> pools = new HashMap<>(); // looked up only
      for (GroupTopic topic : topics) {
        List<String> wanting = new ArrayList<>();
        for (Load load : loads.values()) {
          if (load.member.wants(topic.getName())) {
            wanting.add(load.member.id());
          }
        }
        if (!wanting.isEmpty()) {
          poolOf.put(topic.getTopicId(), pools.computeIfAbsent(wanting, this::pool));
          topicOf.put(topic.getTopicId(), topic);
          for (int i = 0; i < topic.getPartitions(); i++) {
            all.add(new PartitionId(topic.getTopicId(), i));
          }
        }
      }
    }

    private Pool pool(List<String> ids) {
      Pool pool = new Pool();
      Set<String> wanting = new HashSet<>(ids);
      for (Load load : loads.values()) {
        if (wanting.contains(load.member.id())) {
          load.pools.add(pool);
          pool.loads.add(load);
        }
      }
      return pool;
    }

    Map<String, SortedSet<PartitionId>> share() {
      Set<PartitionId> kept = keep();
      int fair = (all.size() + loads.size() - 1) / Math.max(1, loads.size());
      for (PartitionId id : all) {
        if (!kept.contains(id)) {
          give(id, choose(id, fair));
        }
      }
      boolean moved = level();
      while (moved) { // Who shrank may be what others can give to.
        moved = level();
      }
      Map<String, SortedSet<PartitionId>> shares = new TreeMap<>();
      loads.forEach((member, load) -> shares.put(member, load.share));
      return shares;
    }

    private Set<PartitionId> keep() {
      Set<PartitionId> wanted = new HashSet<>(all);
      Set<PartitionId> kept = new HashSet<>();
      for (Load load : loads.values()) {
        for (PartitionId id : load.member.target) {
          Pool pool = poolOf.get(id.topicId());
          if (pool != null && load.pools.contains(pool) && wanted.contains(id) && kept.add(id)) {
            give(id, load);
          }
        }
      }
      return kept;
    }

    private void give(PartitionId id, Load to) {
      change(to, () -> to.share.add(id));
    }

    /** A load may only change outside the pools, which are ordered by it. */
    private void change(Load load, Runnable how) {
      load.pools.forEach(pool -> pool.loads.remove(load));
      how.run();
      load.pools.forEach(pool -> pool.loads.add(load));
    }

    /**
     * Who has least of those who want it and have a replica in their rack, if that is less than a
     * bound; else who has least of all.
     */
    private Load choose(PartitionId id, int below) {
      Pool pool = poolOf.get(id.topicId());
      if (pool == null) {
        throw new IllegalStateException("nobody wants " + id);
      }
      if (byRack) {
        for (Load load : pool.loads) {
          if (load.share.size() >= below) {
            break;
          }
          if (isNear(id, load)) {
            return load;
          }
        }
      }
      return pool.loads.first();
    }

    private boolean isNear(PartitionId id, Load load) {
      GroupTopic topic = topicOf.get(id.topicId());
      String rack = load.member.row().getRack();
      return topic != null
          && !rack.isEmpty()
          && id.partition() < topic.getRacksCount()
          && topic.getRacks(id.partition()).getRacksList().contains(rack);
    }

    /** The fullest give to the emptiest, as long as that makes them more even. */
    private boolean level() {
      boolean moved = false;
      TreeSet<Load> fullest = new TreeSet<>(Comparator.<Load>reverseOrder());
      fullest.addAll(loads.values());
      while (!fullest.isEmpty()) {
        Load from = fullest.first();
        PartitionId id = movable(from);
        if (id == null) {
          fullest.remove(from);
          continue;
        }
        Load to = choose(id, from.share.size() - 1);
        fullest.remove(from);
        boolean counted = fullest.remove(to);
        change(from, () -> from.share.remove(id));
        give(id, to);
        moved = true;
        fullest.add(from);
        if (counted) {
          fullest.add(to);
        }
      }
      return moved;
    }

    /** The partition to move away first; null when none could go to who has two less. */
    private @Nullable PartitionId movable(Load from) {
      PartitionId best = null;
      for (PartitionId id : from.share) {
        Pool pool = poolOf.get(id.topicId());
        boolean helps = pool != null && pool.loads.first().share.size() + 1 < from.share.size();
        if (helps && (best == null || !byRack || !isNear(id, from))) {
          best = id;
        }
      }
      return best;
    }
  }
}
