package io.flotilla.node.controller;

import io.flotilla.node.config.PartitionConfig;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.MetadataLimits;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.core.metadata.SettingRules;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.disk.FullDisks;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.TopicName;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.Replica;
import io.flotilla.proto.state.v1.AlterTopic;
import io.flotilla.proto.state.v1.CoordinatorPlacement;
import io.flotilla.proto.state.v1.CreateCoordinators;
import io.flotilla.proto.state.v1.CreateTopic;
import io.flotilla.proto.state.v1.DeleteTopic;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.PreferLeader;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Decides, on the leader of the metadata, what the metadata machine then obeys: where replicas go.
 * Checks what can be checked before Raft is asked; the machine checks again. Proposes, never
 * mutates. Safe; futures complete on Raft's threads.
 */
public final class Controller {

  public static final int PARTITIONS_MAX = MetadataLimits.PARTITIONS_PER_TOPIC_MAX;
  public static final int REPLICATION_FACTOR_MAX = 7;
  private static final int REPLICATION_FACTOR_DEFAULT = 3;
  private static final long ALIVE_WITHIN_MS = 5_000;

  private final RaftHost raft;
  private final MetadataProposer proposer;
  private final Supplier<MetadataImage> image;
  private final PartitionConfig config;
  private final FullDisks disks;

  public Controller(
      RaftHost raft,
      MetadataProposer proposer,
      Supplier<MetadataImage> image,
      PartitionConfig config,
      FullDisks disks) {
    this.raft = raft;
    this.proposer = proposer;
    this.image = image;
    this.config = config;
    this.disks = disks;
  }

  /** Creates a topic; 0 partitions = 1, 0 replicas = the smaller of 3 and the number of nodes. */
  public CompletableFuture<MetadataOutcome> createTopic(
      String name,
      int partitions,
      int replicationFactor,
      TopicSettings settings,
      String requestId,
      boolean validateOnly) {
    try {
      MetadataImage now = image.get();
      SettingRules.check(settings);
      CreateTopic command =
          command(now, name, partitions, replicationFactor).toBuilder()
              .setRequestId(requestId)
              .setSettings(settings)
              .build();
      if (validateOnly) {
        mustLead();
        mustBeFree(now, name, requestId);
        return CompletableFuture.completedFuture(validated(now));
      }
      return proposer.propose(MetadataCommand.newBuilder().setCreateTopic(command).build());
    } catch (FlotillaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The command that makes a coordinator group where there is room for it. */
  public MetadataCommand coordinatorCommand(long group) {
    MetadataImage now = image.get();
    Collection<NodeInfo> candidates = candidates(now, 0);
    int replicas = Math.min(REPLICATION_FACTOR_DEFAULT, candidates.size());
    CoordinatorPlacement placed =
        CoordinatorPlacement.newBuilder()
            .setGroup(group)
            .setReplicas(new Placement(now, candidates).next(replicas, 1))
            .build();
    return MetadataCommand.newBuilder()
        .setCreateCoordinators(CreateCoordinators.newBuilder().addCoordinators(placed))
        .build();
  }

  private CreateTopic command(
      MetadataImage now, String name, int partitions, int replicationFactor) {
    TopicName.check(name);
    int count = partitions == 0 ? 1 : partitions;
    if (count < 1 || count > PARTITIONS_MAX) {
      throw FlotillaException.invalid(
          "partitions is " + partitions + "; allowed are 1 to " + PARTITIONS_MAX);
    }
    Collection<NodeInfo> candidates = candidates(now, replicationFactor);
    int replicas =
        replicationFactor == 0
            ? Math.min(REPLICATION_FACTOR_DEFAULT, candidates.size())
            : replicationFactor;
    int replicasMax = Math.min(REPLICATION_FACTOR_MAX, candidates.size());
    if (replicas < 1 || replicas > replicasMax) {
      throw FlotillaException.invalid(
          "replication_factor is "
              + replicationFactor
              + "; this cluster of "
              + now.nodes().size()
              + " nodes allows 1 to "
              + replicasMax);
    }
    Placement placement = new Placement(now, candidates);
    CreateTopic.Builder command =
        CreateTopic.newBuilder().setName(name).setReplicationFactor(replicas).setPartitions(count);
    int groups = placement.groupsFor(count, replicas, config.groupsPerNode());
    for (int i = 0; i < groups; i++) {
      int carried = count / groups + (i < count % groups ? 1 : 0);
      command.addGroups(placement.next(replicas, carried));
    }
    mayHold("partition replicas", placement.mostReplicas(), config.maxPerNode());
    mayHold("Raft groups", placement.mostGroups(), config.groupsMax());
    return command.build();
  }

  private static void mayHold(String what, int held, int max) {
    if (held > max) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_PARTITION_LIMIT,
          "a node would hold " + held + " " + what + "; it may hold " + max,
          Map.of("what", what, "held", Integer.toString(held), "max", Integer.toString(max)),
          null,
          null);
    }
  }

  /** The nodes that answer and have room, if there are enough of them; otherwise all with room. */
  private Collection<NodeInfo> candidates(MetadataImage now, int replicationFactor) {
    Replica metadata = raft.replica(GroupIds.METADATA);
    List<NodeInfo> roomy =
        now.nodes().values().stream().filter(node -> !disks.isFull(node.nodeId())).toList();
    List<NodeInfo> alive =
        roomy.stream()
            .filter(
                node ->
                    metadata == null
                        || node.peerId().equals(raft.peerId())
                        || metadata.isCaughtUp(node.peerId(), ALIVE_WITHIN_MS, Long.MAX_VALUE))
            .toList();
    int needed =
        replicationFactor == 0
            ? Math.min(REPLICATION_FACTOR_DEFAULT, now.nodes().size())
            : replicationFactor;
    FlotillaException full = disks.refusal(now.nodes().keySet());
    if (full != null && roomy.size() < needed && needed <= now.nodes().size()) {
      throw full;
    }
    return alive.size() >= needed ? alive : roomy;
  }

  /** Deletes a topic; topicId 0 = whichever has the name. */
  public CompletableFuture<MetadataOutcome> deleteTopic(
      String name, long topicId, boolean validateOnly) {
    try {
      TopicName.check(name);
      if (validateOnly) {
        mustLead();
        MetadataImage now = image.get();
        return CompletableFuture.completedFuture(validated(now, mustExist(now, name, topicId)));
      }
      return proposer.propose(
          MetadataCommand.newBuilder()
              .setDeleteTopic(DeleteTopic.newBuilder().setName(name).setTopicId(topicId))
              .build());
    } catch (FlotillaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Changes settings of a topic. */
  public CompletableFuture<MetadataOutcome> alterTopic(AlterTopic change, boolean validateOnly) {
    try {
      TopicName.check(change.getName());
      MetadataImage now = image.get();
      SettingRules.altered(TopicSettings.getDefaultInstance(), change);
      if (validateOnly) {
        mustLead();
        TopicInfo topic = mustExist(now, change.getName(), change.getTopicId());
        return CompletableFuture.completedFuture(validated(now, topic));
      }
      return proposer.propose(MetadataCommand.newBuilder().setAlterTopic(change).build());
    } catch (FlotillaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Makes a replica of a partition, which is there, the preferred leader of its group. */
  public CompletableFuture<MetadataOutcome> preferLeader(
      PreferLeader change, boolean validateOnly) {
    try {
      if (validateOnly) {
        mustLead();
        MetadataImage now = image.get();
        TopicInfo topic = mustExist(now, change.getTopic(), change.getTopicId());
        return CompletableFuture.completedFuture(validated(now, topic));
      }
      return proposer.propose(MetadataCommand.newBuilder().setPreferLeader(change).build());
    } catch (FlotillaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void mustLead() {
    Replica metadata = raft.replica(GroupIds.METADATA);
    if (metadata == null || !metadata.isLeaderReady()) {
      throw FlotillaException.notLeader("this node does not lead the metadata", null);
    }
  }

  private static void mustBeFree(MetadataImage now, String name, String requestId) {
    if (now.topics().containsKey(name) && requestId.isEmpty()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_TOPIC_EXISTS, "topic \"" + name + "\" exists already");
    }
  }

  private static TopicInfo mustExist(MetadataImage now, String name, long topicId) {
    TopicInfo topic = now.topics().get(name);
    if (topic == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, "there is no topic \"" + name + "\"");
    }
    if (topicId != 0 && topic.topicId() != topicId) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION,
          "topic \"" + name + "\" has id " + topic.topicId() + " now, not " + topicId);
    }
    return topic;
  }

  private static MetadataOutcome validated(MetadataImage now, TopicInfo topic) {
    return validated(now).toBuilder().setTopicId(topic.topicId()).build();
  }

  private static MetadataOutcome validated(MetadataImage now) {
    return MetadataOutcome.newBuilder().setRevision(now.revision()).build();
  }
}
