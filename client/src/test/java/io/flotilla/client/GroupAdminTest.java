package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.client.toy.ToyCluster;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupAdminTest {

  private static final TopicPartition T0 = new TopicPartition("t", 0);

  private ToyCluster cluster = new ToyCluster(2);
  private FlotillaClient client = FlotillaClient.connect(cluster.servers());
  private Admin admin = client.admin();

  @BeforeEach
  void topicWithTenEvents() {
    cluster.create("t", 2);
    try (Producer producer = client.producer()) {
      for (int i = 0; i < 10; i++) {
        var unused = producer.publish("t", 0, Event.of("k", "v" + i));
      }
    }
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private @Nullable ErrorReason refusal(Runnable call) {
    FlotillaClientException refused =
        catchThrowableOfType(FlotillaClientException.class, call::run);
    assertThat(refused).isNotNull();
    return refused.reason();
  }

  @Test
  void offsetsAreCommittedWithoutMembersAndToldAgain() {
    admin.commitOffsets("g", Map.of(T0, 4L));
    List<CommittedOffset> offsets = admin.committedOffsets("g", "t");
    assertThat(offsets).extracting(CommittedOffset::offset).containsExactly(4L, null);
    assertThat(refusal(() -> admin.commitOffsets("g", Map.of(new TopicPartition("no", 0), 1L))))
        .isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
  }

  @Test
  void groupsAreListedAndDescribed() {
    admin.commitOffsets("g", Map.of(T0, 4L));
    admin.commitOffsets("h", Map.of(T0, 10L));
    assertThat(admin.listGroups()).extracting(GroupDescription::name).containsExactly("g", "h");
    assertThat(admin.listGroups("h")).hasSize(1);

    GroupDescription group = admin.describeGroup("g");
    assertThat(group.state()).isEqualTo(GroupDescription.State.EMPTY);
    GroupPartitionDescription partition = group.partitions().get(0);
    assertThat(partition.committedOffset()).isEqualTo(4);
    GroupPartitionDescription.Progress progress = partition.progress();
    assertThat(progress)
        .isEqualTo(
            new GroupPartitionDescription.Progress(
                0, 10, 6, Duration.ZERO, null, 0, 0, null, true));
    assertThat(group.changes()).extracting(GroupChange::what).containsExactly("a joined");
    assertThat(refusal(() -> admin.describeGroup("none")))
        .isEqualTo(ErrorReason.ERROR_REASON_GROUP_NOT_FOUND);
  }

  @Test
  void groupsAreMovedAndDeletedWhileNobodyIsIn() {
    admin.commitOffsets("g", Map.of(T0, 4L));
    GroupReset planned = admin.resetGroup("g", "t", List.of(), StartPosition.latest(), true).get(0);
    assertThat(planned).isEqualTo(new GroupReset(0, 4L, 10));
    assertThat(cluster.committed("g", "t", 0)).isEqualTo(4);
    assertThat(admin.resetGroup("g", "t", List.of(), StartPosition.latest(), false)).hasSize(2);
    assertThat(cluster.committed("g", "t", 0)).isEqualTo(10);

    admin.deleteGroup("g", true);
    assertThat(admin.listGroups()).hasSize(1);
    admin.deleteGroup("g");
    assertThat(admin.listGroups()).isEmpty();
  }

  @Test
  void groupsWithMembersAreLeftAlone() {
    GroupOptions options =
        GroupOptions.builder().group("g").topics("t").from(StartPosition.earliest()).build();
    try (GroupConsumer consumer = client.join(options)) {
      assertThat(consumer.poll(Duration.ofSeconds(20))).isNotEmpty();
      assertThat(refusal(() -> admin.deleteGroup("g")))
          .isEqualTo(ErrorReason.ERROR_REASON_GROUP_NOT_EMPTY);
      assertThat(refusal(() -> admin.commitOffsets("g", Map.of(T0, 1L))))
          .isEqualTo(ErrorReason.ERROR_REASON_GROUP_NOT_EMPTY);
    }
  }
}
