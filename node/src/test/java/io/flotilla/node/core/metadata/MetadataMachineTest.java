package io.flotilla.node.core.metadata;

import static io.flotilla.node.core.metadata.Metadata.allocate;
import static io.flotilla.node.core.metadata.Metadata.delete;
import static io.flotilla.node.core.metadata.Metadata.leads;
import static io.flotilla.node.core.metadata.Metadata.newCoordinator;
import static io.flotilla.node.core.metadata.Metadata.newTopic;
import static io.flotilla.node.core.metadata.Metadata.openProducer;
import static io.flotilla.node.core.metadata.Metadata.prefer;
import static io.flotilla.node.core.metadata.Metadata.register;
import static io.flotilla.node.core.metadata.Metadata.replicas;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.node.core.StoreRows;
import io.flotilla.node.model.Coordinators;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.CreateTopic;
import io.flotilla.proto.state.v1.MetadataCommand;
import io.flotilla.proto.state.v1.MetadataOutcome;
import io.flotilla.proto.state.v1.NamedProducerState;
import io.flotilla.proto.state.v1.ReplicaSet;
import io.flotilla.proto.state.v1.TopicSettings;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MetadataMachineTest {

  private final Metadata metadata = new Metadata();

  private GroupInfo group(long number) {
    return Objects.requireNonNull(metadata.image().group(number));
  }

  private MetadataOutcome done(MetadataCommand.Builder command) {
    MetadataOutcome outcome = metadata.apply(command);
    assertThat(outcome.getError()).isEqualTo(ErrorReason.ERROR_REASON_UNSPECIFIED);
    assertThat(outcome.getRevision()).isEqualTo(metadata.image().revision());
    return outcome;
  }

  private void refused(ErrorReason reason, MetadataCommand.Builder command) {
    List<String> before = StoreRows.of(metadata.store);
    int heard = metadata.heard.size();
    MetadataOutcome outcome = metadata.apply(command);
    assertThat(outcome.getError()).isEqualTo(reason);
    assertThat(outcome.getMessage()).isNotBlank();
    assertThat(StoreRows.of(metadata.store)).isEqualTo(before);
    assertThat(metadata.heard).hasSize(heard);
  }

  @Test
  void anEmptyStoreIsTheEmptyImage() {
    assertThat(metadata.image()).isEqualTo(MetadataImage.EMPTY);
    assertThat(metadata.heard).isEmpty();
  }

  @Test
  void aRegisteredNodeIsInTheImage() {
    done(register(2, "x"));
    NodeInfo node = metadata.image().node(2);
    assertThat(node).isEqualTo(new NodeInfo(2, "x", "host2", 9000, 9001, "", "1"));
    assertThat(Objects.requireNonNull(node).peerId()).isEqualTo("2.x");
  }

  @Test
  void whoIsAskedForIsWantedUntilItLeads() {
    done(newTopic("orders", 1, "r"));
    long number = Objects.requireNonNull(metadata.image().topics().get("orders")).groups().get(0);
    done(leads(1, number, 1));
    assertThat(group(number).leaderWanted()).as("nobody asked").isFalse();
    done(prefer("orders", 0, 3));
    assertThat(group(number).leaderWanted()).isTrue();
    done(leads(2, number, 2));
    assertThat(group(number).leaderWanted()).as("another was elected").isTrue();
    metadata.reopen();
    assertThat(group(number).leaderWanted()).isTrue();
    done(leads(3, number, 3));
    assertThat(group(number).leaderWanted()).isFalse();
    done(leads(1, number, 4));
    assertThat(group(number).leaderWanted()).as("it led, and went").isFalse();
    done(prefer("orders", 0, 3));
    assertThat(group(number).leaderWanted()).as("asked for once more").isTrue();
    done(prefer("orders", 0, 1));
    assertThat(group(number).leaderWanted()).as("it leads already").isFalse();
  }

  @Test
  void whoIsPreferredComesFirstAndTheFoundersStay() {
    done(newTopic("orders", 2, "r"));
    long number = Objects.requireNonNull(metadata.image().topics().get("orders")).groups().get(1);
    done(prefer("orders", 1, 3));
    assertThat(group(number).peers()).containsExactly("3.c", "1.a", "2.b");
    assertThat(group(number).founders()).containsExactly("1.a", "2.b", "3.c");
    long revision = done(prefer("orders", 1, 2)).getRevision();
    assertThat(group(number).peers()).containsExactly("2.b", "3.c", "1.a");
    assertThat(done(prefer("orders", 1, 2)).getRevision()).as("nothing new").isEqualTo(revision);
    assertThat(group(number - 1).peers()).as("of the other partition").startsWith("1.a");
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, prefer("orders", 1, 4));
    refused(ErrorReason.ERROR_REASON_PARTITION_NOT_FOUND, prefer("orders", 2, 1));
    refused(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, prefer("nowhere", 0, 1));
    MetadataImage before = metadata.image();
    metadata.reopen();
    assertThat(metadata.image()).isEqualTo(before);
  }

  @Test
  void coordinatorsAreMadeOnceAndStayAsTheyAre() {
    done(newCoordinator(Coordinators.FIRST, "1.a", "2.b", "3.c"));
    long revision = done(newCoordinator(Coordinators.FIRST, "4.d")).getRevision();
    assertThat(revision).as("nothing new").isEqualTo(1);
    assertThat(group(Coordinators.FIRST).peers()).containsExactly("1.a", "2.b", "3.c");
    assertThat(group(Coordinators.FIRST).partitions()).isEmpty();
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, newCoordinator(1_000, "1.a"));
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, newCoordinator(Coordinators.FIRST + 1));
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, newCoordinator(Coordinators.FIRST + 1, "x"));
  }

  @Test
  void registeringTheSameAgainIsNoNewRevision() {
    done(register(2, "x"));
    assertThat(done(register(2, "x")).getRevision()).isEqualTo(1);
    assertThat(metadata.heard).hasSize(1);
    assertThat(done(register(2, "y")).getRevision()).isEqualTo(2);
  }

  @Test
  void aNodeWithoutIdOrIncarnationIsRefused() {
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, register(0, "x"));
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, register(1, ""));
  }

  @Test
  void aNodeWithANewDiskTakesItsPlacesAsANewMember() {
    done(register(2, "b"));
    done(newTopic("a", 2, ""));
    done(register(2, "b"));
    assertThat(group(1000L).peers()).containsExactly("1.a", "2.b", "3.c");

    done(register(2, "x"));
    done(Metadata.leads(2, 1000, 7));

    assertThat(group(1000L).peers()).containsExactly("1.a", "2.x", "3.c");
    assertThat(group(1001L).peers()).containsExactly("1.a", "2.x", "3.c");
    assertThat(group(1000L).founders()).containsExactly("1.a", "2.b", "3.c");
    metadata.reopen();
    assertThat(group(1000L).founders()).containsExactly("1.a", "2.b", "3.c");
    assertThat(group(1000L).leaderNode()).isEqualTo(2);
    assertThat(metadata.image().node(2)).extracting(NodeInfo::peerId).isEqualTo("2.x");
  }

  @Test
  void aTopicGetsANumberAndAGroupForEachPartition() {
    assertThat(done(newTopic("a", 2, "")).getTopicId()).isEqualTo(1);
    assertThat(done(newTopic("b", 1, "")).getTopicId()).isEqualTo(2);
    assertThat(metadata.image().topic("a"))
        .isEqualTo(
            new TopicInfo(
                1,
                "a",
                3,
                Metadata.TIME_MS,
                List.of(1000L, 1001L),
                TopicSettings.getDefaultInstance()));
    assertThat(metadata.image().topic(2)).isEqualTo(metadata.image().topic("b"));
    assertThat(metadata.image().group(1001))
        .isEqualTo(
            new GroupInfo(
                1001, List.of("1.a", "2.b", "3.c"), List.of(new PartitionId(1, 1)), 0, 0));
    assertThat(group(1002L).nodeIds()).containsExactly(1, 2, 3);
  }

  @Test
  void aNameIsTakenOnceUnlessItIsTheSameRequest() {
    done(newTopic("a", 2, "r1"));
    assertThat(done(newTopic("a", 2, "r1")).getTopicId()).isEqualTo(1);
    assertThat(metadata.image().revision()).isEqualTo(1);
    refused(ErrorReason.ERROR_REASON_TOPIC_EXISTS, newTopic("a", 2, "r2"));
    refused(ErrorReason.ERROR_REASON_TOPIC_EXISTS, newTopic("a", 2, ""));
    done(newTopic("b", 1, ""));
    refused(ErrorReason.ERROR_REASON_TOPIC_EXISTS, newTopic("b", 1, ""));
  }

  @Test
  void aTopicThatMustNotBeIsRefusedOnApplyToo() {
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, newTopic("__a", 1, ""));
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, newTopic("a", 0, ""));
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, newTopic("a", 5_001, ""));
    for (ReplicaSet replicas :
        List.of(replicas(), replicas("1.a", "1.a"), replicas("1.a", "1.b"), replicas("x"))) {
      refused(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          MetadataCommand.newBuilder()
              .setCreateTopic(
                  CreateTopic.newBuilder().setName("a").setPartitions(1).addGroups(replicas)));
    }
  }

  @Test
  void partitionsOfATopicShareGroupsInTurnAndTheGroupsGoWithIt() {
    CreateTopic.Builder topic = newTopic("a", 5, "").getCreateTopicBuilder();
    topic.clearGroups().addGroups(replicas("1.a", "2.b")).addGroups(replicas("2.b", "3.c"));
    done(MetadataCommand.newBuilder().setCreateTopic(topic));
    done(newTopic("b", 1, ""));

    MetadataImage image = metadata.image();
    assertThat(image.groups().values())
        .extracting(group -> group.partitions().stream().map(PartitionId::toString).toList())
        .containsExactly(List.of("t1-0", "t1-2", "t1-4"), List.of("t1-1", "t1-3"), List.of("t2-0"));
    assertThat(group(1001).peers()).containsExactly("2.b", "3.c");
    metadata.reopen();
    assertThat(metadata.image()).isEqualTo(image);

    done(delete("a", 0));
    assertThat(metadata.image().groups()).containsOnlyKeys(1002L);
  }

  @Test
  void aCommandOfBeforeGroupsWereSharedMeansOnePartitionAGroup() {
    done(
        MetadataCommand.newBuilder()
            .setCreateTopic(newTopic("a", 2, "").getCreateTopicBuilder().clearPartitions()));
    assertThat(group(1000).partitions()).containsExactly(new PartitionId(1, 0));
    assertThat(group(1001).partitions()).containsExactly(new PartitionId(1, 1));
  }

  @Test
  void aTopicWithMoreGroupsThanPartitionsIsRefused() {
    CreateTopic.Builder topic = newTopic("a", 2, "").getCreateTopicBuilder().setPartitions(1);
    refused(
        ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
        MetadataCommand.newBuilder().setCreateTopic(topic));
  }

  @Test
  void aDeletedTopicTakesItsGroupsAlong() {
    done(newTopic("a", 2, ""));
    done(newTopic("b", 1, ""));
    assertThat(done(delete("a", 0)).getTopicId()).isEqualTo(1);
    assertThat(metadata.image().topics()).containsOnlyKeys("b");
    assertThat(metadata.image().topicsById()).containsOnlyKeys(2);
    assertThat(metadata.image().groups()).containsOnlyKeys(1002L);
  }

  @Test
  void aTopicCreatedAgainSharesNoNumberWithTheOldOne() {
    done(newTopic("a", 1, "r1"));
    done(delete("a", 1));
    assertThat(done(newTopic("a", 1, "r1")).getTopicId()).isEqualTo(2);
    assertThat(metadata.image().groups()).containsOnlyKeys(1001L);
    refused(ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION, delete("a", 1));
    done(delete("a", 2));
    refused(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, delete("a", 0));
  }

  @Test
  void theLeaderOfTheHighestTermWins() {
    done(newTopic("a", 1, ""));
    done(leads(2, 1000, 5));
    done(leads(3, 1000, 4));
    assertThat(group(1000L).leaderNode()).isEqualTo(2);
    done(leads(1, 1000, 5));
    done(leads(3, 1000, 6));
    assertThat(group(1000L))
        .extracting(GroupInfo::leaderNode, GroupInfo::leaderTerm)
        .containsExactly(3, 6L);
    assertThat(metadata.image().revision()).isEqualTo(4);
  }

  @Test
  void aReportWithoutNewsIsNoNewRevision() {
    done(newTopic("a", 1, ""));
    done(leads(2, 1000, 5));
    done(leads(2, 1000, 5));
    done(leads(2, 4711, 5));
    assertThat(metadata.image().revision()).isEqualTo(2);
    assertThat(metadata.heard).hasSize(2);
  }

  @Test
  void producerIdsAreNeverGivenTwice() {
    assertThat(done(allocate(10)).getProducerId()).isEqualTo(1);
    assertThat(done(allocate(10_000)).getProducerId()).isEqualTo(11);
    metadata.reopen();
    assertThat(done(allocate(1)).getProducerId()).isEqualTo(10_011);
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, allocate(0));
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, allocate(10_001));
    assertThat(metadata.image().revision()).isZero();
  }

  @Test
  void aNamedProducerKeepsItsIdAndGetsTheNextEpoch() {
    done(allocate(4));
    for (int epoch = 0; epoch < 3; epoch++) {
      MetadataOutcome outcome = done(openProducer("billing"));
      assertThat(outcome.getProducerId()).isEqualTo(5);
      assertThat(outcome.getProducerEpoch()).isEqualTo(epoch);
      metadata.reopen();
    }
    assertThat(done(openProducer("other")).getProducerId()).isEqualTo(6);
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, openProducer(""));
    refused(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, openProducer("x".repeat(201)));
  }

  @Test
  void beyondTheMaximumNoNewProducerNameIsTakenButKnownOnesGoOn() {
    WriteBatch batch = metadata.store.newBatch();
    for (int i = 0; i < MetadataLimits.PRODUCER_NAMES_MAX; i++) {
      NamedProducerState row =
          NamedProducerState.newBuilder().setName("n" + i).setProducerId(i + 1).build();
      batch.put(Table.METADATA, MetadataKeys.producerName("n" + i), row.toByteArray());
    }
    metadata.store.commit(batch);
    metadata.reopen();
    refused(ErrorReason.ERROR_REASON_STREAM_LIMIT, openProducer("one more"));
    assertThat(done(openProducer("n7")).getProducerEpoch()).isEqualTo(1);
  }

  @Test
  void imagesNeverChange() {
    done(newTopic("a", 1, ""));
    MetadataImage before = metadata.image();
    String text = before.toString();
    done(newTopic("b", 1, ""));
    done(leads(2, 1000, 5));
    done(delete("a", 0));
    assertThat(before.toString()).isEqualTo(text);
    assertThat(metadata.image().nodes()).isSameAs(before.nodes());
  }

  @Test
  void anUnknownCommandStopsTheReplica() {
    assertThatThrownBy(() -> metadata.apply(MetadataCommand.newBuilder()))
        .isInstanceOf(IllegalStateException.class);
  }
}
