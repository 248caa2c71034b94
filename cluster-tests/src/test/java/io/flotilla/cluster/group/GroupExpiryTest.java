package io.flotilla.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.ListGroupsRequest;
import io.flotilla.proto.v1.OffsetCommit;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of consumer groups, and their offsets, that nobody uses. */
@Tag("long")
class GroupExpiryTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration USED = Duration.ofSeconds(8);

  @RegisterExtension
  static final TestCluster cluster = TestCluster.of(1).with("groups: {offset-retention: 3s}");

  @Test
  void aGroupThatNobodyUsesIsForgottenWithItsOffsetsOneInUseIsNot() {
    cluster.createTopic("expiring", 1);
    commit("unused");
    long until = System.nanoTime() + USED.toNanos();
    Await.until(
        "one of two groups has not been used for long",
        SOON,
        () -> {
          commit("used");
          return System.nanoTime() > until && !exists("unused");
        });
    assertThat(exists("used")).isTrue();
    assertThat(hasOffset("unused")).isFalse();
    assertThat(hasOffset("used")).isTrue();
  }

  private static void commit(String group) {
    CommitOffsetsRequest request =
        CommitOffsetsRequest.newBuilder()
            .setGroup(group)
            .addOffsets(OffsetCommit.newBuilder().setTopic("expiring"))
            .build();
    assertThat(cluster.wire(1).offsets().commitOffsets(request).getResults(0).hasFailure())
        .isFalse();
  }

  private static boolean exists(String group) {
    return cluster
        .wire(1)
        .groups()
        .listGroups(ListGroupsRequest.getDefaultInstance())
        .getGroupsList()
        .stream()
        .anyMatch(one -> one.getName().equals(group));
  }

  private static boolean hasOffset(String group) {
    FetchOffsetsRequest request =
        FetchOffsetsRequest.newBuilder().setGroup(group).setTopic("expiring").build();
    return cluster.wire(1).offsets().fetchOffsets(request).getOffsets(0).hasOffset();
  }
}
