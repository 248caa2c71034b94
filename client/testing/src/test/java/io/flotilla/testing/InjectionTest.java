package io.flotilla.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.client.Admin;
import io.flotilla.client.Event;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.Producer;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.client.StartPosition;
import io.flotilla.client.Subscriber;
import io.flotilla.proto.v1.AdminServiceGrpc;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What a test asks for as a parameter is there, and is its own. */
@FlotillaTest
class InjectionTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Set<String> SEEN = new HashSet<>();

  @BeforeEach
  void somethingIsThereBefore(@Topic(partitions = 3) TopicHandle orders) {
    orders.publish("ada", "before");
  }

  @RepeatedTest(2)
  void eachTestHasTopicsOfItsOwn(@Topic(partitions = 3) TopicHandle orders) {
    assertThat(orders.partitions()).isEqualTo(3);
    orders.publish("ada", "first");
    orders.publish("ada", "second");

    assertThat(orders.awaitEvents(3, SOON))
        .extracting(ReceivedEvent::valueText)
        .containsExactly("before", "first", "second");
    assertThat(SEEN.add(orders.name())).isTrue();
  }

  @Test
  void theClientAndItsPartsAreThere(
      FlotillaClient client,
      Producer producer,
      Admin admin,
      @Topic("mail") TopicHandle mail,
      @Topic("mail") Subscriber reader) {
    producer.publish(mail.name(), Event.of("hello")).join();

    assertThat(reader.poll(SOON)).extracting(ReceivedEvent::valueText).containsExactly("hello");
    assertThat(mail.events()).hasSize(1);
    assertThat(admin.describeTopic(mail.name()).partitionCount()).isEqualTo(1);
    assertThat(client.servers()).hasSize(1);
  }

  @Test
  void generatedStubsHaveAChannel(
      ManagedChannel channel, @Server String servers, FlotillaCluster cluster) {
    assertThat(
            AdminServiceGrpc.newBlockingStub(channel)
                .listTopics(ListTopicsRequest.getDefaultInstance()))
        .isNotNull();
    assertThat(servers).isEqualTo(cluster.node(1).server());
  }

  @Test
  void groupsHaveNamesOfTheTestsOwn(
      FlotillaClient client, TestNames names, @Topic TopicHandle bills) {
    bills.publish("a bill");
    GroupOptions options =
        GroupOptions.builder()
            .group(names.group("billing"))
            .topics(bills.name())
            .from(StartPosition.earliest())
            .build();
    try (GroupConsumer member = client.join(options)) {
      List<ReceivedEvent> read = member.poll(SOON);
      member.commit();
      assertThat(read).hasSize(1);
    }
  }

  @Test
  void waitingInVainTellsWhatThereIs(@Topic TopicHandle sparse) {
    sparse.publish("only");
    assertThatThrownBy(() -> sparse.awaitEvents(2, Duration.ofSeconds(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("has 1 events after");
  }

  /** A nested class shares the cluster of the class around it. */
  @Nested
  class Inside {
    @Test
    void hasTopicsToo(@Topic TopicHandle inner, FlotillaCluster cluster) {
      inner.publish("here");
      assertThat(inner.events()).hasSize(1);
      assertThat(cluster.size()).isEqualTo(1);
    }
  }
}
