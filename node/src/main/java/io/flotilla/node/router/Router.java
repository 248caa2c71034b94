package io.flotilla.node.router;

import io.flotilla.node.controller.MetadataProposer;
import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.NodeInfo;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.Leader;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.model.TopicName;
import io.flotilla.node.partition.GroupExports;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.partition.PartitionSet;
import io.flotilla.node.partition.ReplicaStatus;
import io.flotilla.node.raft.GroupIds;
import io.flotilla.node.raft.GroupStatus;
import io.flotilla.node.raft.RaftHost;
import io.flotilla.node.raft.Replica;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for a partition or for the metadata: a replica here, or which other node. Knows what
 * Raft knows here first, then what the metadata says. Safe.
 */
public final class Router {

  /** How long an unknown topic may wait for this node to hear of it, beyond a heartbeat. */
  private static final long REFRESH_SLACK_MS = 200;

  /** Calls that may wait so at once: asking for what is not there must not hold up the others. */
  private static final int REFRESHES_MAX = 2;

  private static final Duration ASK_AGAIN = Duration.ofMillis(50);

  private final int nodeId;
  private final RaftHost raft;
  private final PartitionSet partitions;
  private final MetadataImages images;
  private final PeerChannels channels;
  private final MetadataProposer proposer;
  private final MetadataClient metadata;
  private final ProducerIds producerIds;
  private final NodeAddresses addresses;
  private final AtomicInteger guesses = new AtomicInteger();
  private final Semaphore refreshes = new Semaphore(REFRESHES_MAX);

  /** Once since the start; until then this node does not know what there is not. */
  private volatile boolean caughtUp;

  public Router(
      int nodeId,
      RaftHost raft,
      PartitionSet partitions,
      MetadataImages images,
      PeerChannels channels,
      MetadataProposer proposer,
      NodeAddresses addresses) {
    this.nodeId = nodeId;
    this.raft = raft;
    this.partitions = partitions;
    this.images = images;
    this.channels = channels;
    this.proposer = proposer;
    this.addresses = addresses;
    this.metadata = new MetadataClient(this, channels);
    this.producerIds = new ProducerIds(metadata);
  }

  public int nodeId() {
    return nodeId;
  }

  public MetadataImage image() {
    return images.get();
  }

  /** Calls the listener after each new image, on Raft's thread: hand off. */
  public Runnable onImage(Runnable listener) {
    return images.listen(listener);
  }

  /**
   * The topic of a name; topicId 0 = whichever has it. An unknown name, or an id newer than what
   * this node has heard of, is looked up again after catching up with the metadata's leader; while
   * that is not possible, nothing is said not to be there.
   */
  public TopicInfo topic(String name, long topicId) {
    TopicName.check(name);
    if (topicId < 0) {
      throw FlotillaException.invalid("topic_id is " + topicId + "; it must not be negative");
    }
    TopicInfo topic = image().topics().get(name);
    if (isOther(topic, topicId)) {
      refresh();
      topic = image().topics().get(name);
    }
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

  private static boolean isOther(@Nullable TopicInfo topic, long topicId) {
    return topic == null || (topicId != 0 && topic.topicId() != topicId);
  }

  /** The metadata, for who is to be told of everything that there is. */
  public MetadataImage wholeImage() {
    if (!caughtUp || image().revision() == 0) {
      refresh();
    }
    return image();
  }

  /** What was on its disk may be older than what this node had told before it stopped. */
  private void demandCaughtUp() {
    if (!caughtUp || image().revision() == 0) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_STARTING,
          "node " + nodeId + " has not caught up with the cluster's metadata yet");
    }
  }

  /** Waits, briefly, until this node has applied what the metadata's leader had committed. */
  public void refresh() {
    if (!refreshes.tryAcquire()) {
      throw FlotillaException.throttled("many ask for what node " + nodeId + " lacks", ASK_AGAIN);
    }
    try {
      Replica metadata = raft.replica(GroupIds.METADATA);
      long heartbeatMs = metadata == null ? 0 : metadata.heartbeat().toMillis();
      catchUp().get(heartbeatMs + REFRESH_SLACK_MS, TimeUnit.MILLISECONDS);
      demandCaughtUp();
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      demandCaughtUp();
      throw FlotillaException.notLeader("the metadata's leader does not say what there is", null);
    } finally {
      refreshes.release();
    }
  }

  /** Completes when this node has applied what the metadata's leader had committed by now. */
  public CompletableFuture<Void> catchUp() {
    Replica replica = raft.replica(GroupIds.METADATA);
    return replica == null
        ? CompletableFuture.failedFuture(
            FlotillaException.notLeader("the cluster is not formed yet", null))
        : replica.readBarrier().thenRun(() -> caughtUp = true);
  }

  /** A partition of the topic. */
  public PartitionId partition(TopicInfo topic, int partition) {
    if (partition < 0) {
      throw FlotillaException.invalid("partition is " + partition + "; it must not be negative");
    }
    if (partition >= topic.partitionCount()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND,
          "topic \""
              + topic.name()
              + "\" has no partition "
              + partition
              + "; it has 0 to "
              + (topic.partitionCount() - 1));
    }
    return new PartitionId(topic.topicId(), partition);
  }

  /** Who appends to the partition. */
  public Route leaderOf(PartitionId id) {
    GroupInfo group = group(id);
    return group == null
        ? new Route.Nowhere("partition " + id + " is not known here")
        : leaderOf(group, "partition " + id, () -> partitions.get(id) != null);
  }

  /**
   * @param readyHere this node may serve as the group's leader
   */
  Route leaderOf(GroupInfo group, String what, BooleanSupplier readyHere) {
    Replica replica = raft.replica(group.group());
    if (replica != null) {
      GroupStatus status = replica.status();
      if (status.role() == GroupStatus.Role.LEADER) {
        return status.ready() && readyHere.getAsBoolean()
            ? new Route.Here()
            : new Route.Nowhere("the new leader of " + what + " is not ready yet");
      }
      if (!status.leaderPeer().isEmpty()) {
        return there(NodeIdentity.nodeIdOf(status.leaderPeer()), status.term(), what);
      }
      if (status.term() > group.leaderTerm()) {
        return new Route.Nowhere(what + " has no leader at the moment");
      }
    }
    return group.leaderNode() == 0 || group.leaderNode() == nodeId
        ? new Route.Nowhere(what + " has no leader at the moment")
        : there(group.leaderNode(), group.leaderTerm(), what);
  }

  /** Who serves readers of the partition: this node if it can, else the leader, else a replica. */
  public Route readerOf(PartitionId id) {
    if (readable(id) != null) {
      return new Route.Here();
    }
    GroupInfo group = group(id);
    if (group == null) {
      return new Route.Nowhere("partition " + id + " is not known here");
    }
    Route leader = leaderOf(id);
    if (leader instanceof Route.There) {
      return leader;
    }
    for (int other : group.nodeIds()) {
      if (other != nodeId) {
        return there(other, group.leaderTerm(), id.toString());
      }
    }
    return new Route.Nowhere("the replica of partition " + id + " is not open yet");
  }

  /** Who leads the metadata. */
  public Route metadataLeader() {
    Replica replica = raft.replica(GroupIds.METADATA);
    if (replica == null) {
      return new Route.Nowhere("the cluster is not formed yet");
    }
    GroupStatus status = replica.status();
    if (status.role() == GroupStatus.Role.LEADER) {
      return status.ready()
          ? new Route.Here()
          : new Route.Nowhere("the new leader of the metadata is not ready yet");
    }
    return status.leaderPeer().isEmpty()
        ? new Route.Nowhere("the metadata has no leader at the moment")
        : there(NodeIdentity.nodeIdOf(status.leaderPeer()), status.term(), "the metadata");
  }

  /**
   * Another node that may know better who leads the metadata, a different one each time; for a node
   * that has not been let in yet. Nowhere when there is no other node.
   */
  Route metadataGuess() {
    List<Integer> others = addresses.configured().stream().filter(node -> node != nodeId).toList();
    if (others.isEmpty()) {
      return new Route.Nowhere("there is no other node to ask for the metadata's leader");
    }
    int next = Math.floorMod(guesses.getAndIncrement(), others.size());
    return there(others.get(next), 0, "the metadata, perhaps");
  }

  /** The term in which the metadata's leader leads, as far as this node knows. */
  public long metadataTerm() {
    Replica replica = raft.replica(GroupIds.METADATA);
    return replica == null ? 0 : replica.status().term();
  }

  /** This node is a member, for good, of every group that it should have. */
  public boolean isSettled() {
    MetadataImage image = images.get();
    return image.revision() > 0
        && isMember(GroupIds.METADATA)
        && image.groups().values().stream()
            .filter(group -> group.nodeIds().contains(nodeId))
            .allMatch(group -> isMember(group.group()));
  }

  private boolean isMember(long group) {
    Replica replica = raft.replica(group);
    return replica != null && replica.isMember();
  }

  /** The nodes whose votes count for the metadata, as far as this node knows. */
  public List<Integer> metadataVoters() {
    return raft.members().of(GroupIds.METADATA).stream()
        .map(member -> nodeOf(member.peerId()))
        .filter(node -> node != 0)
        .sorted()
        .toList();
  }

  /** The node that goes by the peer's name now; 0 = none. */
  private int nodeOf(String peerId) {
    NodeInfo node = image().node(NodeIdentity.nodeIdOf(peerId));
    return node != null && node.peerId().equals(peerId) ? node.nodeId() : 0;
  }

  private Route there(int node, long term, String what) {
    NodeInfo info = addresses.of(node);
    return info == null
        ? new Route.Nowhere("node " + node + ", which leads " + what + ", is not known here")
        : new Route.There(new Leader(node, info.host(), info.grpcPort(), term));
  }

  private @Nullable GroupInfo group(PartitionId id) {
    TopicInfo topic = image().topicsById().get(id.topicId());
    return topic == null || id.partition() >= topic.partitionCount()
        ? null
        : image().groups().get(topic.groups().get(id.partition()));
  }

  /**
   * The partition, if it is hosted and open here. Not while it is being rebuilt: it may be far
   * behind what its readers have seen.
   */
  public @Nullable Partition local(PartitionId id) {
    Partition open = partitions.get(id);
    return open == null || open.joining() ? null : open;
  }

  /** The same for readers: not while its rows are known to be wrong, either. */
  public @Nullable Partition readable(PartitionId id) {
    Partition open = local(id);
    return open == null || open.quarantined() ? null : open;
  }

  /** The groups of this node as other nodes take them. */
  public GroupExports exports() {
    return partitions.exports();
  }

  /**
   * Has this node's replica of a partition rebuilt from other nodes, the best one first. Answers
   * before that is done.
   */
  public void rebuild(PartitionId id, List<Integer> from) {
    GroupInfo group = group(id);
    if (group == null || raft.replica(group.group()) == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND,
          "node " + nodeId + " has no replica of partition " + id);
    }
    List<String> peers = new ArrayList<>();
    for (int node : from) {
      group.peers().stream()
          .filter(peer -> node != nodeId && NodeIdentity.nodeIdOf(peer) == node)
          .forEach(peers::add);
    }
    if (peers.isEmpty() || peers.size() < from.size()) {
      throw FlotillaException.invalid(
          "from_nodes must name other nodes with a replica of partition " + id + ", were " + from);
    }
    raft.quarantine(group.group(), peers);
  }

  /** The replicas on this node. */
  public List<ReplicaStatus> replicas() {
    return partitions.replicas();
  }

  /** The shared connection to a node's client port. */
  public ManagedChannel channel(int node) {
    NodeInfo info = addresses.of(node);
    if (info == null) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_NODE_UNREACHABLE, "node " + node + " is not known here");
    }
    return channels.to(info.host(), info.grpcPort());
  }

  /** Runs a metadata command on this node, which must lead the metadata. */
  public CompletableFuture<MetadataOutcome> proposeHere(MetadataCommand command) {
    return proposer.propose(command);
  }

  /** Runs a metadata command wherever the leader is, again until the timeout or this node's end. */
  public CompletableFuture<MetadataOutcome> propose(MetadataCommand command, Duration timeout) {
    return metadata.propose(command, timeout);
  }

  /** An identity for a producer; an empty name = anonymous. */
  public CompletableFuture<ProducerIdentity> openProducer(String name) {
    return producerIds.open(name);
  }
}
