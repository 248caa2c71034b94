package io.flotilla.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.GroupConsumer;
import io.flotilla.client.GroupOptions;
import io.flotilla.client.StartPosition;
import io.flotilla.cluster.harness.Await;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.v1.ConsumerGroup;
import io.flotilla.proto.v1.DescribeGroupRequest;
import io.flotilla.proto.v1.GroupMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who has left is out of the group when {@code close} answers, and whatever happens meanwhile. */
class LeavingMembersTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** By its timeout alone nobody leaves while a test looks. */
  private static final Duration SESSION = Duration.ofMinutes(30);

  @RegisterExtension static final TestCluster cluster = TestCluster.of(3);

  @Test
  void aMemberIsOutOfTheGroupWhenCloseAnswers() {
    cluster.createTopic("calm", 1);
    try (FlotillaClient client = FlotillaClient.connect(cluster.servers())) {
      for (int round = 0; round < 20; round++) {
        join(client, "calm").close();
        assertThat(describe("calm").getMembersList()).as("round " + round).isEmpty();
      }
    }
  }

  @Test
  void membersLeaveThoughTheNodeOfTheCoordinatorIsKilledAtThatMoment() throws Exception {
    cluster.createTopic("killed", 1);
    List<GroupConsumer> members = new ArrayList<>();
    try (FlotillaClient one = servedBy(1);
        FlotillaClient two = servedBy(2);
        FlotillaClient three = servedBy(3)) {
      for (FlotillaClient client : List.of(one, two, three, one, two, three)) {
        members.add(join(client, "killed"));
      }
      assertThat(serving("killed")).as("nodes that serve a member").hasSize(3);

      int killed = describe("killed").getCoordinatorNode();
      cluster.kill(killed);
      List<Thread> closing = members.stream().map(member -> new Thread(member::close)).toList();
      closing.forEach(Thread::start);
      for (Thread thread : closing) {
        thread.join();
      }

      Await.until("nobody is in the group", SOON, () -> describe("killed").getMemberCount() == 0);
      cluster.start(killed);
      cluster.awaitReady();
    }
  }

  /** A client that knows all servers, and takes this one as long as it can. */
  private static FlotillaClient servedBy(int node) {
    return FlotillaClient.connect(cluster.server(node) + "," + cluster.servers());
  }

  /** A member that the group knows. */
  private static GroupConsumer join(FlotillaClient client, String group) {
    GroupConsumer member =
        client.join(
            GroupOptions.builder()
                .group(group)
                .topics(group)
                .from(StartPosition.earliest())
                .sessionTimeout(SESSION)
                .build());
    Await.until("it is in", SOON, () -> !member.memberId().isEmpty());
    return member;
  }

  /** The nodes that serve members. */
  private static Set<Integer> serving(String group) {
    return describe(group).getMembersList().stream()
        .map(GroupMember::getNode)
        .collect(Collectors.toSet());
  }

  private static ConsumerGroup describe(String group) {
    DescribeGroupRequest request = DescribeGroupRequest.newBuilder().setGroup(group).build();
    return cluster.anyWire().groups().describeGroup(request).getGroup();
  }
}
