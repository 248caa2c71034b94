package io.flotilla.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.StartPosition;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A test asks how far its consumers are. */
@FlotillaTest
class GroupTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  @Test
  void aServiceIsCaughtUpWhenItHasCommittedEverything(
      FlotillaClient client, @Topic(partitions = 3) TopicHandle orders, @Group GroupHandle billing)
      throws Exception {
    for (int i = 0; i < 12; i++) {
      orders.publish("customer-" + i, "an order");
    }
    GroupConsumer service = client.join(options(orders, billing));
    CompletableFuture<Void> running = CompletableFuture.runAsync(() -> service.run(order -> {}));

    billing.awaitCaughtUp(SOON);
    assertThat(billing.lag()).isZero();

    service.close();
    running.join();
    billing.awaitCaughtUp(SOON);
    orders.publish("customer-1", "one more");
    assertThat(billing.lag()).isEqualTo(1);
    assertThatThrownBy(() -> billing.awaitCaughtUp(AT_ONCE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is not caught up after PT0.001S: EMPTY, ")
        .hasMessageContaining("1 events behind, no member has it");
  }

  @Test
  void whatWasReadButNotCommittedIsLag(
      FlotillaClient client, @Topic TopicHandle bills, @Group("posting") GroupHandle group) {
    bills.publish("a bill");
    bills.publish("another");
    try (GroupConsumer member = client.join(options(bills, group))) {
      int read = 0;
      while (read < 2) {
        read += member.poll(SOON).size();
      }
      assertThat(group.lag()).isEqualTo(2);
      member.commit();
      assertThat(group.lag()).isZero();
    }
  }

  @Test
  void aGroupThatNobodyJoinedIsNotCaughtUp(TestNames names, @Group GroupHandle nobody) {
    assertThat(nobody.name()).isEqualTo(names.group("nobody"));
    assertThat(nobody.lag()).isZero();
    assertThatThrownBy(() -> nobody.awaitCaughtUp(AT_ONCE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("nobody has joined it");
  }

  private static GroupOptions options(TopicHandle topic, GroupHandle group) {
    return GroupOptions.builder()
        .group(group.name())
        .topics(topic.name())
        .from(StartPosition.earliest())
        .build();
  }
}
