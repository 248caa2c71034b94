package io.flotilla.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.CommitResult;
import io.flotilla.proto.v1.ConsumerGroup;
import io.flotilla.proto.v1.DeleteGroupRequest;
import io.flotilla.proto.v1.DescribeGroupRequest;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.GroupPartition;
import io.flotilla.proto.v1.GroupState;
import io.flotilla.proto.v1.ListGroupsRequest;
import io.flotilla.proto.v1.OffsetCommit;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.ResetGroupRequest;
import io.flotilla.proto.v1.ResetGroupResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A consumer group's life, by stock stubs through any node. */
class GroupTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int PARTITIONS = 4;

  @RegisterExtension static final TestCluster cluster = TestCluster.shared();

  @Test
  void membersShareATopicAndTheGroupIsDescribedResetAndDeleted() {
    cluster.createTopic("groups-life", PARTITIONS);
    publish("groups-life", 10);
    try (Members members = new Members(cluster, "life", "groups-life", PARTITIONS)) {
      MemberProcess ann = members.start("ann");
      MemberProcess bob = members.start("bob");
      members.awaitShared(ann, bob);
      members.awaitCommitted(10L * PARTITIONS, SOON);

      ConsumerGroup group = describe("life");
      assertThat(group.getState()).isEqualTo(GroupState.GROUP_STATE_STABLE);
      assertThat(group.getMembersList())
          .extracting(member -> member.getPartitionsCount())
          .containsExactly(2, 2);
      assertThat(group.getPartitionsList()).hasSize(PARTITIONS);
      assertThat(group.getPartitionsList()).allMatch(one -> one.getLagEvents() == 0);
      assertThat(names()).contains("life");
      assertThatThrownBy(() -> reset("life", StartFrom.START_FROM_EARLIEST, false))
          .hasMessageContaining("FAILED_PRECONDITION")
          .hasMessageContaining("members");

      ann.leave();
      bob.leave();
    }
    Await.until(
        "the group is empty", SOON, () -> describe("life").getState().name().endsWith("EMPTY"));
    assertThat(reset("life", StartFrom.START_FROM_EARLIEST, true).getPartitionsList())
        .allMatch(one -> one.getOldOffset() == 10 && one.getNewOffset() == 0);
    assertThat(describe("life").getPartitionsList()).allMatch(one -> one.getLagEvents() == 0);

    reset("life", StartFrom.START_FROM_EARLIEST, false);
    assertThat(describe("life").getPartitionsList())
        .extracting(GroupPartition::getLagEvents)
        .containsOnly(10L);

    cluster.wire(2).groups().deleteGroup(DeleteGroupRequest.newBuilder().setGroup("life").build());
    assertThat(names()).doesNotContain("life");
    assertThat(committed("life", "groups-life", 1)).isEqualTo(-1);
  }

  @Test
  void aTopicThatAppearsLaterIsReadFromItsFirstEvent() {
    try (Members members = new Members(cluster, "patterns", "groups-auto-*", 1)) {
      members.start("ann");
      Await.until(
          "the member is in, with nothing to do",
          SOON,
          () -> names().contains("patterns") && describe("patterns").getMemberCount() == 1);
      cluster.createTopic("groups-auto-1", 1);
      publish("groups-auto-1", 10);
      members.awaitCommitted(10, SOON);
    }
  }

  @Test
  void whoHoldsAnInstanceIdIsFencedByWhoComesNext() {
    cluster.createTopic("groups-static", 2);
    try (Members members = new Members(cluster, "statics", "groups-static", 2)) {
      MemberProcess first = members.start("first", "instance=till");
      members.awaitShared(first);
      MemberProcess second = members.start("second", "instance=till");
      members.awaitShared(second);
      first.awaitEnd();
      assertThat(first.lines("ended")).last().asString().contains("FAILED_PRECONDITION");
      assertThat(describe("statics").getMemberCount()).isEqualTo(1);
    }
  }

  @Test
  void whoAssignsPartitionsByHandCommitsThroughAnyNodeAndReadsItThroughAnyOther() {
    cluster.createTopic("groups-manual", 1);
    publish("groups-manual", 5);
    for (int offset = 1; offset <= 5; offset++) {
      CommitResult result = commit(offset % 3 + 1, offset);
      assertThat(result.hasFailure()).as("%s", result).isFalse();
      for (int node = 1; node <= 3; node++) {
        assertThat(committed("manual", "groups-manual", node)).isEqualTo(offset);
      }
    }
    assertThat(commit(1, 3).getCommittedOffset()).as("never falls").isEqualTo(5);
    assertThat(commit(1, 6).getFailure().getReason().name()).contains("OFFSET_OUT_OF_RANGE");
    assertThat(committed("manual", "groups-manual", 1)).isEqualTo(5);
  }

  private static CommitResult commit(int node, long offset) {
    CommitOffsetsRequest request =
        CommitOffsetsRequest.newBuilder()
            .setGroup("manual")
            .addOffsets(OffsetCommit.newBuilder().setTopic("groups-manual").setOffset(offset))
            .build();
    return cluster.wire(node).offsets().commitOffsets(request).getResults(0);
  }

  /** -1 = none. */
  private static long committed(String group, String topic, int node) {
    var answer =
        cluster
            .wire(node)
            .offsets()
            .fetchOffsets(
                FetchOffsetsRequest.newBuilder()
                    .setGroup(group)
                    .setTopic(topic)
                    .addPartitions(0)
                    .build())
            .getOffsets(0);
    return answer.hasOffset() ? answer.getOffset() : -1;
  }

  private static void publish(String topic, int eventsAPartition) {
    int partitions = topic.equals("groups-life") ? PARTITIONS : 1;
    for (int partition = 0; partition < partitions; partition++) {
      List<Event> events =
          IntStream.range(0, eventsAPartition)
              .mapToObj(i -> Event.newBuilder().setValue(ByteString.copyFromUtf8("e" + i)).build())
              .toList();
      cluster
          .wire(1)
          .producer()
          .publish(
              PublishRequest.newBuilder()
                  .setTopic(topic)
                  .setPartition(partition)
                  .addAllEvents(events)
                  .build());
    }
  }

  private static ConsumerGroup describe(String group) {
    return cluster
        .wire(3)
        .groups()
        .describeGroup(DescribeGroupRequest.newBuilder().setGroup(group).build())
        .getGroup();
  }

  private static List<String> names() {
    return cluster
        .wire(2)
        .groups()
        .listGroups(ListGroupsRequest.getDefaultInstance())
        .getGroupsList()
        .stream()
        .map(ConsumerGroup::getName)
        .toList();
  }

  private static ResetGroupResponse reset(String group, StartFrom to, boolean dryRun) {
    return cluster
        .wire(1)
        .groups()
        .resetGroup(
            ResetGroupRequest.newBuilder()
                .setGroup(group)
                .setTopic("groups-life")
                .setTo(Position.newBuilder().setFrom(to))
                .setValidateOnly(dryRun)
                .build());
  }
}
