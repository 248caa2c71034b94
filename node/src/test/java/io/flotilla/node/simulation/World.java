package io.flotilla.node.simulation;

import io.flotilla.node.core.metadata.GroupInfo;
import io.flotilla.node.core.metadata.MetadataImage;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.PartitionCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients see of a cluster: its partitions and who leads them. Confined to one thread. */
final class World {

  private final SimCluster cluster;
  private final History history;
  private MetadataImage image = MetadataImage.EMPTY;
  private List<PartitionId> partitions = List.of();

  World(SimCluster cluster, History history) {
    this.cluster = cluster;
    this.history = history;
  }

  SimCluster cluster() {
    return cluster;
  }

  History history() {
    return history;
  }

  /** The newest metadata of any node that is reached. */
  MetadataImage image() {
    MetadataImage newest = image;
    for (SimNode node : cluster.nodes()) {
      if (node.isReached() && node.image().revision() > newest.revision()) {
        newest = node.image();
      }
    }
    if (newest.revision() != image.revision()) {
      image = newest;
      List<PartitionId> all = new ArrayList<>();
      for (TopicInfo topic : newest.topics().values()) {
        for (int i = 0; i < topic.partitionCount(); i++) {
          all.add(new PartitionId(topic.topicId(), i));
        }
      }
      partitions = all;
    }
    return newest;
  }

  /** A partition by any number; null when there is none. */
  @Nullable PartitionId partition(int number) {
    image();
    return partitions.isEmpty() ? null : partitions.get(number % partitions.size());
  }

  /** The group that carries a partition; null when its topic is no more. */
  @Nullable Long group(PartitionId id) {
    TopicInfo topic = image().topic(id.topicId());
    GroupInfo group = topic == null ? null : image.group(topic, id.partition());
    return group == null ? null : group.group();
  }

  /** What leads a partition; null when nobody does. */
  @Nullable SimNode leader(PartitionId id) {
    Long group = group(id);
    return group == null ? null : cluster.leader(group);
  }

  /** Sends a command to a partition's leader. */
  void propose(PartitionCommand command, long tag, Proposal.Client client) {
    propose(new Proposal(command, tag, client));
  }

  void propose(Proposal proposal) {
    PartitionCommand command = (PartitionCommand) proposal.command();
    Long group = group(PartitionId.of(command.getPartitionId()));
    if (group == null) {
      proposal.end(Proposal.End.REFUSED, null);
    } else {
      cluster.propose(group, proposal);
    }
  }

  void propose(PartitionId id, CursorCommand.Builder command, Proposal.Client client) {
    propose(
        PartitionCommand.newBuilder().setPartitionId(id.toLong()).setCursor(command).build(),
        0,
        client);
  }
}
