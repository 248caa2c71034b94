package io.flotilla.node.grpc.admin;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.partition.ReplicaState;
import io.flotilla.node.partition.ReplicaStatus;
import io.flotilla.proto.v1.Replica;
import io.flotilla.proto.v1.ReplicaRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replicas as clients see them, and how far each is behind its leader. Pure. */
final class Replicas {

  static final int MAX = 10_000;

  private record Key(String topic, int partition) {}

  private record At(Key key, int nodeId) {}

  private Replicas() {}

  /** The replicas of one node; those of topics that are gone from the image are left out. */
  static List<Replica> here(MetadataImage image, int nodeId, List<ReplicaStatus> statuses) {
    List<Replica> replicas = new ArrayList<>();
    for (ReplicaStatus status : statuses) {
      TopicInfo topic = image.topic(status.partition().topicId());
      if (topic != null) {
        replicas.add(
            Replica.newBuilder()
                .setTopic(topic.name())
                .setPartition(status.partition().partition())
                .setNodeId(nodeId)
                .setRole(role(status.state()))
                .setTerm(status.term())
                .setLogStartOffset(status.logStartOffset())
                .setHighWatermark(status.highWatermark())
                .setAppliedIndex(status.appliedIndex())
                .build());
      }
    }
    return replicas;
  }

  /**
   * All replicas that there should be, by topic, partition and node, at most {@link #MAX}: as their
   * nodes told, with their lag; without a role where none told.
   */
  static List<Replica> all(MetadataImage image, Collection<Replica> told) {
    Map<At, Replica> byPlace = new HashMap<>();
    Map<Key, Replica> leaders = new HashMap<>();
    for (Replica replica : told) {
      Key key = new Key(replica.getTopic(), replica.getPartition());
      byPlace.put(new At(key, replica.getNodeId()), replica);
      if (replica.getRole() == ReplicaRole.REPLICA_ROLE_LEADER) {
        leaders.merge(key, replica, (a, b) -> a.getTerm() >= b.getTerm() ? a : b);
      }
    }
    List<Replica> all = new ArrayList<>();
    for (TopicInfo topic : image.topics().values()) {
      for (int partition = 0; partition < topic.partitionCount(); partition++) {
        Key key = new Key(topic.name(), partition);
        for (int node : nodes(image, topic, partition)) {
          if (all.size() == MAX) {
            return all;
          }
          all.add(replica(new At(key, node), byPlace.get(new At(key, node)), leaders.get(key)));
        }
      }
    }
    return all;
  }

  private static List<Integer> nodes(MetadataImage image, TopicInfo topic, int partition) {
    GroupInfo group = image.group(topic, partition);
    return group == null ? List.of() : group.nodeIds().stream().sorted().toList();
  }

  private static Replica replica(At at, @Nullable Replica told, @Nullable Replica leader) {
    if (told == null) {
      return Replica.newBuilder()
          .setTopic(at.key().topic())
          .setPartition(at.key().partition())
          .setNodeId(at.nodeId())
          .build();
    }
    long end = leader == null ? told.getHighWatermark() : leader.getHighWatermark();
    return told.toBuilder().setLagEvents(Math.max(0, end - told.getHighWatermark())).build();
  }

  private static ReplicaRole role(ReplicaState state) {
    return switch (state) {
      case LEADER -> ReplicaRole.REPLICA_ROLE_LEADER;
      case FOLLOWER -> ReplicaRole.REPLICA_ROLE_FOLLOWER;
      case CANDIDATE -> ReplicaRole.REPLICA_ROLE_CANDIDATE;
      case JOINING -> ReplicaRole.REPLICA_ROLE_JOINING;
      case DAMAGED -> ReplicaRole.REPLICA_ROLE_DAMAGED;
      case CLOSED -> ReplicaRole.REPLICA_ROLE_UNSPECIFIED;
    };
  }
}
