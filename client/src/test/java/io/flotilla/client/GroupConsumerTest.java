package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.client.toy.ToyCluster;
import io.flotilla.proto.types.v1.ErrorReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupConsumerTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final TopicPartition T1 = new TopicPartition("t", 1);

  private ToyCluster cluster = new ToyCluster(2);
  private FlotillaClient client = FlotillaClient.connect(cluster.servers());
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void topic() {
    cluster.create("t", 2);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private void publish(int partition, int from, int count) {
    try (Producer producer = client.producer(ProducerOptions.builder().batchBytes(100).build())) {
      for (int i = from; i < from + count; i++) {
        var unused = producer.publish("t", partition, Event.of("k" + i, "v" + i));
      }
    }
  }

  private static GroupOptions.Builder options() {
    return GroupOptions.builder().group("g").topics("t").from(StartPosition.earliest());
  }

  private GroupListener listener(String name) {
    return new GroupListener() {
      @Override
      public void assigned(Set<TopicPartition> partitions) {
        told.add(name + " assigned " + partitions);
      }

      @Override
      public void revoked(Set<TopicPartition> partitions) {
        told.add(name + " revoked " + partitions);
      }

      @Override
      public void lost(Set<TopicPartition> partitions) {
        told.add(name + " lost " + partitions);
      }

      @Override
      public void reset(TopicPartition partition, long from, long to) {
        told.add(name + " reset " + partition + " " + from + " " + to);
      }
    };
  }

  /** Polls until the condition holds; what came. */
  private static List<ReceivedEvent> pollUntil(GroupConsumer consumer, BooleanSupplier condition) {
    List<ReceivedEvent> events = new ArrayList<>();
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      events.addAll(consumer.poll(SHORT));
    }
    return events;
  }

  private static List<ReceivedEvent> read(GroupConsumer consumer, int count) {
    List<ReceivedEvent> events = new ArrayList<>();
    while (events.size() < count) {
      List<ReceivedEvent> some = consumer.poll(LONG);
      assertThat(some).as("%s of %s events", events.size(), count).isNotEmpty();
      events.addAll(some);
    }
    assertThat(events).hasSize(count);
    return events;
  }

  private static FlotillaClientException failure(Runnable action) {
    return catchThrowableOfType(FlotillaClientException.class, action::run);
  }

  @Test
  void readsAllPartitionsAndGoesOnAtWhatWasCommitted() {
    publish(0, 0, 50);
    publish(1, 0, 50);
    try (GroupConsumer consumer = client.join(options().build())) {
      read(consumer, 100);
      assertThat(consumer.assignment()).containsExactly(T0, T1);
      assertThat(consumer.positions()).isEqualTo(Map.of(T0, 50L, T1, 50L));
      assertThat(cluster.committed("g", "t", 0)).isNull();
      consumer.commit();
      assertThat(cluster.committed("g", "t", 0)).isEqualTo(50);
    }
    assertThat(cluster.members("g")).as("closing leaves").isEmpty();
    publish(0, 50, 1);
    try (GroupConsumer next = client.join(options().build())) {
      assertThat(read(next, 1)).extracting(ReceivedEvent::valueText).containsExactly("v50");
    }
  }

  @Test
  void patternsTakeSeveralTopics() {
    cluster.create("t.more", 1);
    try (GroupConsumer consumer = client.join(options().topics("t*").build())) {
      pollUntil(consumer, () -> consumer.assignment().size() == 3);
      assertThat(consumer.assignment()).contains(new TopicPartition("t.more", 0));
    }
  }

  @Test
  void aPollCommitsWhatThePreviousOneReturnedAndNeverMore() {
    publish(0, 0, 1);
    try (GroupConsumer consumer = client.join(options().commitOnNextPoll(true).build())) {
      read(consumer, 1);
      assertThat(cluster.committed("g", "t", 0)).isNull();
      pollUntil(consumer, () -> Long.valueOf(1).equals(cluster.committed("g", "t", 0)));
      publish(0, 1, 1);
      read(consumer, 1);
    }
    assertThat(cluster.committed("g", "t", 0)).as("closing says nothing").isEqualTo(1);
  }

  @Test
  void aSecondMemberGetsAPartWhenTheFirstHasLetGo() {
    publish(0, 0, 10);
    publish(1, 0, 10);
    GroupOptions.Builder base = options().commitOnNextPoll(true);
    try (GroupConsumer first = client.join(base.listener(listener("a")).build())) {
      read(first, 20);
      try (GroupConsumer second = client.join(base.listener(listener("b")).build())) {
        pollUntil(first, () -> first.assignment().size() == 1);
        pollUntil(second, () -> second.assignment().size() == 1);
        assertThat(told)
            .containsExactly("a assigned [t-0, t-1]", "a revoked [t-1]", "b assigned [t-1]");
        assertThat(cluster.committed("g", "t", 1)).as("before it was let go").isEqualTo(10);
        publish(1, 10, 1);
        assertThat(read(second, 1)).extracting(ReceivedEvent::offset).containsExactly(10L);
      }
      pollUntil(first, () -> first.assignment().size() == 2);
    }
  }

  @Test
  void whatListenersCommitOnRevocationIsTaken() {
    publish(1, 0, 10);
    GroupConsumer[] self = new GroupConsumer[1];
    GroupListener committing =
        new GroupListener() {
          @Override
          public void revoked(Set<TopicPartition> partitions) {
            self[0].commit(Map.of(T1, 4L));
          }
        };
    try (GroupConsumer first = client.join(options().listener(committing).build())) {
      self[0] = first;
      read(first, 10);
      try (GroupConsumer second = client.join(options().build())) {
        pollUntil(first, () -> first.assignment().size() == 1);
        assertThat(read(second, 6).get(0).offset()).isEqualTo(4);
      }
    }
  }

  @Test
  void whoDoesNotPollInTimeLosesAndIsToldAndRefused() {
    publish(1, 0, 10);
    GroupOptions.Builder slow = options().revokeTimeout(Duration.ofMillis(100));
    try (GroupConsumer first = client.join(slow.listener(listener("a")).build());
        GroupConsumer second = secondAfter(first)) {
      pollUntil(second, () -> second.assignment().equals(Set.of(T1)));
      FlotillaClientException refused = failure(first::commit);
      assertThat(refused.reason()).isEqualTo(ErrorReason.ERROR_REASON_MEMBER_FENCED);
      assertThat(refused.kind()).isEqualTo(FlotillaClientException.Kind.REFUSED);
      pollUntil(first, () -> told.contains("a lost [t-1]"));
      assertThat(told).containsExactly("a assigned [t-0, t-1]", "a lost [t-1]");
      assertThat(failure(() -> first.commit(Map.of(T1, 1L))).reason())
          .isEqualTo(ErrorReason.ERROR_REASON_MEMBER_FENCED);
    }
  }

  private GroupConsumer secondAfter(GroupConsumer first) {
    read(first, 10);
    return client.join(options().build());
  }

  @Test
  void anIdleMemberLetsGoWithoutPolling() {
    try (GroupConsumer first = client.join(options().build())) {
      pollUntil(first, () -> first.assignment().size() == 2);
      try (GroupConsumer second = client.join(options().build())) {
        pollUntil(second, () -> second.assignment().size() == 1);
      }
    }
  }

  @Test
  void aCutStreamIsResumedAndReadingGoesOnWhereItWas() {
    publish(0, 0, 500);
    Set<Long> offsets = new HashSet<>();
    int read = 0;
    try (GroupConsumer consumer =
        client.join(options().bufferBytes(500).listener(listener("a")).build())) {
      while (read < 500) {
        for (ReceivedEvent event : consumer.poll(LONG)) {
          read++;
          offsets.add(event.offset());
        }
        if (read % 100 < 10) {
          cluster.node(1).cutStreams();
          cluster.node(2).cutStreams();
        }
      }
      assertThat(offsets).hasSize(500);
      consumer.commit();
      assertThat(cluster.committed("g", "t", 0)).isEqualTo(500);
      assertThat(cluster.members("g")).containsExactly(consumer.memberId());
    }
    assertThat(told).containsExactly("a assigned [t-0, t-1]");
  }

  @Test
  void aServerThatLeavesIsLeftForAnother() {
    publish(0, 0, 10);
    try (GroupConsumer consumer = client.join(options().listener(listener("a")).build())) {
      read(consumer, 10);
      cluster.node(1).sayGoAway();
      publish(0, 10, 5);
      read(consumer, 5);
      cluster.node(1).stop();
      publish(1, 0, 5);
      read(consumer, 5);
      consumer.commit();
      cluster.node(1).start();
    }
    assertThat(told).containsExactly("a assigned [t-0, t-1]");
  }

  @Test
  void anExpelledMemberLosesEverythingAndJoinsAnew() {
    publish(0, 0, 10);
    try (GroupConsumer consumer = client.join(options().listener(listener("a")).build())) {
      read(consumer, 10);
      String old = consumer.memberId();
      cluster.expel("g", old);
      assertThat(read(consumer, 10)).as("nothing was committed").hasSize(10);
      assertThat(consumer.memberId()).isNotEqualTo(old);
      assertThat(told)
          .containsExactly("a assigned [t-0, t-1]", "a lost [t-0, t-1]", "a assigned [t-0, t-1]");
      consumer.commit();
    }
  }

  @Test
  void whoseInstanceIdIsTakenEnds() {
    GroupOptions.Builder named = options().instanceId("one");
    try (GroupConsumer first = client.join(named.listener(listener("a")).build())) {
      pollUntil(first, () -> first.assignment().size() == 2);
      try (GroupConsumer second = client.join(named.listener(listener("b")).build())) {
        pollUntil(second, () -> second.assignment().size() == 2);
        assertThat(failure(() -> pollUntil(first, () -> false)).reason())
            .isEqualTo(ErrorReason.ERROR_REASON_INSTANCE_FENCED);
        assertThat(told).contains("a lost [t-0, t-1]");
      }
      assertThat(cluster.members("g")).as("closing keeps a static membership").hasSize(1);
    }
  }

  @Test
  void pausedPartitionsRestAndSeekMoves() {
    publish(0, 0, 10);
    publish(1, 0, 10);
    try (GroupConsumer consumer = client.join(options().build())) {
      read(consumer, 20);
      consumer.pause(List.of(T0));
      consumer.seek(T0, 3);
      consumer.seek(T1, 8);
      assertThat(read(consumer, 2)).extracting(ReceivedEvent::partition).containsOnly(1);
      assertThat(consumer.poll(SHORT)).isEmpty();
      consumer.resume(List.of(T0));
      assertThat(read(consumer, 7).get(0).offset()).isEqualTo(3);
      assertThatThrownBy(() -> consumer.seek(new TopicPartition("t", 7), 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void runCommitsWhatItProcessedAndHandsOutAgainWhatFailed() {
    publish(0, 0, 20);
    List<Long> seen = new ArrayList<>();
    try (GroupConsumer consumer = client.join(options().build())) {
      assertThatThrownBy(
              () ->
                  consumer.run(
                      event -> {
                        if (event.offset() == 7 && seen.size() == 7) {
                          throw new IllegalStateException("no");
                        }
                        seen.add(event.offset());
                      }))
          .hasMessage("no");
      assertThat(cluster.committed("g", "t", 0)).isEqualTo(7);
      consumer.run(
          event -> {
            seen.add(event.offset());
            if (event.offset() == 19) {
              consumer.close();
            }
          });
    }
    assertThat(seen).hasSize(20).isSorted().doesNotHaveDuplicates();
    assertThat(cluster.committed("g", "t", 0)).as("the last event was under way").isEqualTo(19);
  }

  @Test
  void closingFromAnotherThreadEndsARunWithItsCommit() {
    publish(0, 0, 10);
    CompletableFuture<Void> last = new CompletableFuture<>();
    GroupConsumer consumer = client.join(options().build());
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () ->
                consumer.run(
                    event -> {
                      if (event.offset() == 9) {
                        last.complete(null);
                      }
                    }));
    last.join();
    consumer.close();
    running.join();
    assertThat(cluster.committed("g", "t", 0)).isEqualTo(10);
    assertThat(cluster.members("g")).isEmpty();
    assertThat(consumer.poll(SHORT)).isEmpty();
    assertThatThrownBy(consumer::commit).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void damageIsToldUntilItIsSoughtOver() {
    publish(0, 0, 10);
    cluster.damage("t", 0, 0);
    try (GroupConsumer consumer = client.join(options().build())) {
      FlotillaClientException damaged = failure(() -> pollUntil(consumer, () -> false));
      assertThat(damaged.kind()).isEqualTo(FlotillaClientException.Kind.DATA_LOSS);
      consumer.seek(T0, cluster.stored("t", 0).get(1).getBaseOffset());
      assertThat(consumer.poll(LONG)).isNotEmpty();
    }
  }
}
