package io.flotilla.node.core.metadata;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.core.Applied;
import io.flotilla.node.store.MemoryStore;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AllocateProducerIds;
import io.flotilla.proto.state.v1.AlterTopic;
import io.flotilla.proto.state.v1.CoordinatorPlacement;
import io.flotilla.proto.state.v1.CreateCoordinators;
import io.flotilla.proto.state.v1.CreateTopic;
import io.flotilla.proto.state.v1.DeleteTopic;
import io.flotilla.proto.state.v1.GroupLeader;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.OpenNamedProducer;
import io.flotilla.proto.state.v1.PreferLeader;
import io.flotilla.proto.state.v1.RegisterNode;
import io.flotilla.proto.state.v1.ReplicaSet;
import io.flotilla.proto.state.v1.ReportLeaders;
import io.flotilla.proto.state.v1.TopicSettings;
import java.util.ArrayList;
import java.util.List;

/** The metadata's machine over a store in memory, as the adapter drives it; with short commands. */
public final class Metadata {

  static final long TIME_MS = 77_000;

  final MemoryStore store = new MemoryStore();
  final List<MetadataImage> heard = new ArrayList<>();
  private MetadataMachine machine = new MetadataMachine(store, heard::add);
  private long index;

  /** Forgets all that is only in memory. */
  void reopen() {
    machine = new MetadataMachine(store, heard::add);
  }

  MetadataImage image() {
    return machine.image();
  }

  MetadataOutcome apply(MetadataCommand command) {
    try (WriteBatch batch = store.newBatch()) {
      byte[] outcome =
          machine.apply(new Applied(1, ++index), command.toByteString(), batch).toByteArray();
      store.commit(batch);
      machine.publish();
      return MetadataOutcome.parseFrom(outcome);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  MetadataOutcome apply(MetadataCommand.Builder command) {
    return apply(command.setTimeUnixMs(TIME_MS).build());
  }

  public static MetadataCommand.Builder register(int nodeId, String incarnation) {
    return MetadataCommand.newBuilder()
        .setRegisterNode(
            RegisterNode.newBuilder()
                .setNodeId(nodeId)
                .setIncarnation(incarnation)
                .setHost("host" + nodeId)
                .setGrpcPort(9000)
                .setRaftPort(9001)
                .setVersion("1"));
  }

  public static MetadataCommand.Builder newTopic(String name, int partitions, String requestId) {
    CreateTopic.Builder topic =
        CreateTopic.newBuilder().setName(name).setReplicationFactor(3).setRequestId(requestId);
    topic.setPartitions(partitions);
    for (int i = 0; i < partitions; i++) {
      topic.addGroups(replicas("1.a", "2.b", "3.c"));
    }
    return MetadataCommand.newBuilder().setCreateTopic(topic);
  }

  public static MetadataCommand.Builder newCoordinator(long group, String... peers) {
    return MetadataCommand.newBuilder()
        .setCreateCoordinators(
            CreateCoordinators.newBuilder()
                .addCoordinators(
                    CoordinatorPlacement.newBuilder()
                        .setGroup(group)
                        .setReplicas(replicas(peers))));
  }

  public static MetadataCommand.Builder alter(String name, TopicSettings set, String... reset) {
    return MetadataCommand.newBuilder()
        .setAlterTopic(
            AlterTopic.newBuilder().setName(name).setSet(set).addAllReset(List.of(reset)));
  }

  public static MetadataCommand.Builder prefer(String topic, int partition, int nodeId) {
    return MetadataCommand.newBuilder()
        .setPreferLeader(
            PreferLeader.newBuilder().setTopic(topic).setPartition(partition).setNodeId(nodeId));
  }

  public static ReplicaSet replicas(String... peers) {
    return ReplicaSet.newBuilder().addAllPeers(List.of(peers)).build();
  }

  public static MetadataCommand.Builder delete(String name, long topicId) {
    return MetadataCommand.newBuilder()
        .setDeleteTopic(DeleteTopic.newBuilder().setName(name).setTopicId(topicId));
  }

  public static MetadataCommand.Builder leads(int nodeId, long group, long term) {
    return MetadataCommand.newBuilder()
        .setReportLeaders(
            ReportLeaders.newBuilder()
                .addLeaders(
                    GroupLeader.newBuilder().setGroup(group).setTerm(term).setNodeId(nodeId)));
  }

  public static MetadataCommand.Builder allocate(int count) {
    return MetadataCommand.newBuilder()
        .setAllocateProducerIds(AllocateProducerIds.newBuilder().setCount(count));
  }

  public static MetadataCommand.Builder openProducer(String name) {
    return MetadataCommand.newBuilder()
        .setOpenNamedProducer(OpenNamedProducer.newBuilder().setName(name));
  }
}
