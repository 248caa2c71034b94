package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups that come and go leave nothing behind in memory. */
@Tag("long")
class RemovedGroupsTest {

  private static final int NODES = 3;
  private static final int GROUPS = 6;
  private static final long FIRST = 100;

  @TempDir Path folder;

  /**
   * What Ratis keeps open for a group that was removed just as something was sent, stays for ever.
   */
  @Test
  void appendersOfRemovedGroupsAreForgotten() throws Exception {
    long before = appenders(); // Of other tests' nodes in this process, which end by themselves.
    try (RaftNodes nodes = new RaftNodes(folder, NODES)) {
      nodes.leader();
      List<GroupPeer> peers =
          IntStream.rangeClosed(1, NODES).mapToObj(id -> nodes.peer(id, "aa")).toList();
      for (long group = FIRST; group < FIRST + GROUPS; group++) {
        comeAndGo(nodes, group, peers);
      }

      // Those of the group that stays, of its leader to the others; perhaps of a deposed one.
      await()
          .atMost(RaftNodes.SOON)
          .untilAsserted(
              () -> assertThat(appenders()).isLessThanOrEqualTo(before + 2 * (NODES - 1)));
    }
  }

  private static void comeAndGo(RaftNodes nodes, long group, List<GroupPeer> peers)
      throws Exception {
    for (int id = 1; id <= NODES; id++) {
      nodes.node(id).host.addGroup(group, peers);
    }
    Replica leader =
        await().atMost(RaftNodes.SOON).until(() -> leader(nodes, group), found -> found != null);
    for (int i = 0; i < 10; i++) {
      leader
          .propose(ByteString.copyFromUtf8("one more"))
          .get(RaftNodes.SOON.toSeconds(), TimeUnit.SECONDS);
    }
    for (int id = 1; id <= NODES; id++) {
      nodes.node(id).host.removeGroup(group);
    }
  }

  private static @Nullable Replica leader(RaftNodes nodes, long group) {
    for (int id = 1; id <= NODES; id++) {
      Replica replica = nodes.node(id).host.replica(group);
      if (replica != null && replica.isLeaderReady()) {
        return replica;
      }
    }
    return null;
  }

  /** How many can be reached, after a full collection. */
  private static long appenders() throws JMException {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    return String.valueOf(histogram)
        .lines()
        .filter(line -> line.contains(FlotillaRpc.class.getName() + "$Appender"))
        .mapToLong(line -> Long.parseLong(line.trim().split("\\s+", -1)[1]))
        .sum();
  }
}
