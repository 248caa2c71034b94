package io.flotilla.node.observe;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.partition.ReplicaState;
import io.flotilla.node.partition.ReplicaStatus;
import io.flotilla.node.raft.Follower;
import io.flotilla.node.raft.GroupStatus;
import io.flotilla.node.raft.Replica;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Looks at all replicas of this node once and sums up; a few microseconds a group. Remembers since
 * when followers lag. Used by one thread at a time.
 */
final class ReplicaLook {

  private static final double NANOS_A_SECOND = 1e9;

  /** What there is to tell. */
  record Numbers(
      long replicas,
      long leading,
      long damaged,
      long rebuilding,
      long leaderless,
      long underreplicated,
      long applyLag,
      long followerEntries,
      double followerSeconds) {}

  private record Place(long group, String peer) {}

  private final Observed of;
  private final LongSupplier nanoTime;
  private Map<Place, Long> wellAt = new HashMap<>();

  ReplicaLook(Observed of, LongSupplier nanoTime) {
    this.of = of;
    this.nanoTime = nanoTime;
  }

  Numbers numbers() {
    long leaderless = 0;
    long underreplicated = 0;
    long applyLag = 0;
    long followerEntries = 0;
    long longestNanos = 0;
    MetadataImage image = of.images().get();
    Map<Place, Long> seen = new HashMap<>();
    for (long group : of.raft().groups()) {
      Replica replica = of.raft().replica(group);
      if (replica == null) {
        continue; // Removed meanwhile.
      }
      GroupInfo known = image.group(group);
      int partitions = known == null ? 0 : known.partitions().size();
      applyLag = Math.max(applyLag, replica.behindEntries());
      if (isLeaderless(replica.status())) {
        leaderless += partitions;
      }
      if (!replica.isLeader()) {
        continue;
      }
      for (Follower follower : replica.followers()) {
        followerEntries = Math.max(followerEntries, follower.behindEntries());
        longestNanos = Math.max(longestNanos, behindNanos(group, replica, follower.peer(), seen));
      }
      if (known != null && !isWhole(replica, known)) {
        underreplicated += partitions;
      }
    }
    wellAt = seen;
    List<ReplicaStatus> replicas = of.partitions().replicas();
    return new Numbers(
        replicas.size(),
        count(replicas, state -> state == ReplicaState.LEADER),
        count(replicas, state -> state == ReplicaState.DAMAGED),
        count(replicas, state -> state == ReplicaState.JOINING),
        leaderless,
        underreplicated,
        applyLag,
        followerEntries,
        longestNanos / NANOS_A_SECOND);
  }

  private static boolean isLeaderless(GroupStatus status) {
    boolean votes =
        status.role() == GroupStatus.Role.FOLLOWER || status.role() == GroupStatus.Role.CANDIDATE;
    return votes && status.leaderPeer().isEmpty();
  }

  private boolean isWhole(Replica replica, GroupInfo group) {
    return group.peers().stream()
        .allMatch(peer -> peer.equals(of.raft().peerId()) || replica.isCaughtUp(peer));
  }

  private long behindNanos(long group, Replica replica, String peer, Map<Place, Long> seen) {
    long now = nanoTime.getAsLong();
    Place place = new Place(group, peer);
    long well = replica.isCaughtUp(peer) ? now : wellAt.getOrDefault(place, now);
    seen.put(place, well);
    return now - well;
  }

  private static long count(List<ReplicaStatus> replicas, Predicate<ReplicaState> which) {
    return replicas.stream().filter(one -> which.test(one.state())).count();
  }
}
