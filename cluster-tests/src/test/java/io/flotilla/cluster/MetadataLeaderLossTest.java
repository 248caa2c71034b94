package io.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.v1.CreateTopicRequest;
import io.flotilla.proto.v1.ListTopicsRequest;
import io.flotilla.proto.v1.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The node that leads the metadata is killed while topics are being created. */
@Tag("campaign")
class MetadataLeaderLossTest {
  private static final int TOPICS = 20;
  private static final int KILL_AT = 7;
  private static final Duration CREATE_MAX = Duration.ofSeconds(30);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void everyAcknowledgedTopicExistsOnceAndRetriesDoNotFail() {
    Map<String, Long> acknowledged = new TreeMap<>();
    int killed = 0;
    for (int i = 0; i < TOPICS; i++) {
      if (i == KILL_AT) {
        killed = cluster.awaitMetadataLeader();
        cluster.kill(killed);
      }
      Topic topic = create("topic-" + i);
      acknowledged.put(topic.getName(), topic.getTopicId());
    }

    for (Map.Entry<String, Long> topic : acknowledged.entrySet()) {
      assertThat(create(topic.getKey()).getTopicId()).isEqualTo(topic.getValue());
    }

    cluster.start(killed);
    cluster.awaitReady();

    for (int node = 1; node <= cluster.size(); node++) {
      int asked = node;
      Await.until(
          "node " + node + " lists the acknowledged topics",
          CREATE_MAX,
          () -> listed(asked).equals(acknowledged));
    }
    assertThat(acknowledged.values()).doesNotHaveDuplicates();
    acknowledged.keySet().forEach(topic -> cluster.awaitLeader(topic, 0));
  }

  /** Asks until it is answered, always with the same request id, wherever somebody answers. */
  private static Topic create(String name) {
    CreateTopicRequest request =
        CreateTopicRequest.newBuilder()
            .setTopic(name)
            .setPartitions(1)
            .setRequestId("create-" + name)
            .build();
    return Await.value(
        name + " is created",
        CREATE_MAX,
        () -> Optional.of(cluster.anyWire().admin().createTopic(request).getTopic()));
  }

  /** Names and ids, in small pages, so that paging is walked, too. */
  private static Map<String, Long> listed(int node) {
    List<Topic> topics = new ArrayList<>();
    String token = "";
    do {
      var page =
          cluster
              .wire(node)
              .admin()
              .listTopics(
                  ListTopicsRequest.newBuilder().setPageSize(3).setPageToken(token).build());
      topics.addAll(page.getTopicsList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return topics.stream()
        .collect(Collectors.toMap(Topic::getName, Topic::getTopicId, (a, b) -> -1L, TreeMap::new));
  }
}
