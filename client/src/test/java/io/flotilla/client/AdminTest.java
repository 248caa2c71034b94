package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.client.FlotillaClientException.Kind;
import io.flotilla.client.ServerAttempt.Reached;
import io.flotilla.client.examples.AdminExample;
import io.flotilla.client.examples.PublishExample;
import io.flotilla.client.examples.SubscribeExample;
import io.flotilla.client.toy.ToyCluster;
import io.flotilla.proto.types.v1.ErrorReason;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdminTest {

  private ToyCluster cluster = new ToyCluster(2);
  private FlotillaClient client = FlotillaClient.connect(cluster.servers());

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void topicsComeAndGo() {
    Admin admin = client.admin();
    TopicDescription made = admin.createTopic(NewTopic.of("orders", 3));
    assertThat(made.partitions()).hasSize(3);
    assertThat(made.ready()).isTrue();
    assertThat(admin.describeTopic("orders").topicId()).isEqualTo(made.topicId());
    assertThat(admin.deleteTopic("orders")).isEqualTo(made.topicId());
    FlotillaClientException gone =
        catchThrowableOfType(FlotillaClientException.class, () -> admin.describeTopic("orders"));
    assertThat(gone.kind()).isEqualTo(Kind.REFUSED);
    assertThat(gone.reason()).isEqualTo(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
    assertThat(gone.code()).isEqualTo("NOT_FOUND");
    assertThat(gone.metadata()).isEqualTo(Map.of("where", "toy"));
    assertThat(gone.attempts())
        .singleElement()
        .matches(attempt -> attempt.reached() == Reached.GRPC_ANSWERED);
  }

  @Test
  void aVerificationTellsItsProgressAndItsVerdicts() {
    List<Long> reached = new ArrayList<>();
    PartitionVerification found =
        client
            .admin()
            .verifyPartition(
                "orders", 0, Duration.ofSeconds(20), (from, at, end) -> reached.add(at));

    assertThat(reached).containsExactly(0L, 9L);
    assertThat(found.endOffset()).isEqualTo(9);
    assertThat(found.equal()).isFalse();
    assertThat(found.replicas().get(0).verdict()).isEqualTo(ReplicaVerification.Verdict.EQUAL);
    assertThat(found.replicas().get(0).chain()).isEqualTo("0aff");
    assertThat(found.replicas().get(0).badOffset()).isNull();
    assertThat(found.replicas().get(1).verdict()).isEqualTo(ReplicaVerification.Verdict.CORRUPT);
    assertThat(found.replicas().get(1).badOffset()).isZero();
  }

  @Test
  void settingsAndTrimsTravelBothWays() {
    TopicSettings wanted =
        TopicSettings.NONE
            .withRetentionTime(Duration.ofHours(5))
            .withRetentionBytes(TopicSettings.UNLIMITED)
            .withCleanup(Cleanup.BOTH)
            .withCompactionLagMin(Duration.ofSeconds(1))
            .withCompactionLagMax(TopicSettings.FOR_EVER)
            .withCompactionDirtyPercent(7)
            .withTombstoneRetention(Duration.ofHours(2));
    TopicDescription altered = client.admin().alterTopic(TopicChange.of("orders", wanted));
    assertThat(altered.settings()).isEqualTo(wanted);
    assertThat(altered.ownSettings().has(TopicSettings.Name.RETENTION_TIME)).isTrue();
    assertThat(client.admin().trimPartition("orders", 0, 5)).isEqualTo(5);
    assertThat(client.admin().trimPartition("orders", 0, Admin.END)).isEqualTo(77);
  }

  @Test
  void movesOfLeadersTravelBothWays() {
    assertThat(client.admin().moveLeader("orders", 1, 2, false))
        .isEqualTo(new LeaderMove(true, List.of(1, 7)));
    assertThat(client.admin().moveLeader("orders", 1, 2, true).leads()).isFalse();
  }

  @Test
  void listsAllPages() {
    for (int i = 0; i < 7; i++) {
      cluster.create("a" + i, 1);
    }
    cluster.create("b", 1);
    assertThat(client.admin().listTopics()).hasSize(8);
    assertThat(client.admin().listTopics("a")).hasSize(7);
  }

  @Test
  void asksAnotherServerWhenOneIsDown() {
    cluster.node(1).stop();
    assertThat(client.admin().describeCluster(false).clusterId()).isEqualTo("toy");
  }

  @Test
  void saysHowFarItCame() throws IOException {
    cluster.node(1).stop();
    cluster.node(2).stop();
    try (FlotillaClient lost =
            FlotillaClient.connect(
                "localhost:" + cluster.node(1).port() + ",no-such-host.invalid:1");
        ServerSocket mute = new ServerSocket(0)) {
      FlotillaClientException e =
          catchThrowableOfType(FlotillaClientException.class, () -> lost.admin().listTopics());
      assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(e.attempts())
          .extracting(ServerAttempt::reached)
          .containsExactly(Reached.NAME_RESOLVED, Reached.NOTHING);
      assertThat(mute.isBound()).isTrue();
    }
  }

  @Test
  void serversAreChecked() {
    assertThatThrownBy(() -> FlotillaClient.connect("localhost"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host:port");
    assertThatThrownBy(() -> FlotillaClient.connect("http://localhost:9095"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FlotillaClient.connect("localhost:99999"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theExamplesRun() {
    String[] args = {cluster.servers()};
    AdminExample.main(args);
    PublishExample.main(args);
    SubscribeExample.main(args);
    assertThat(cluster.stored("orders", 0).size() + cluster.stored("orders", 5).size())
        .isNotNegative();
  }
}
