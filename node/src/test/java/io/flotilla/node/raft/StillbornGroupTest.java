package io.flotilla.node.raft;

import static io.flotilla.node.raft.RaftNodes.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A group's founders can be stopped before it has had a leader. Ratis 3.3.0 has its members in its
 * log only, which has no entry then, and would never elect anyone.
 */
class StillbornGroupTest {
  @TempDir Path folder;
  private RaftNodes nodes;
  private List<GroupPeer> founders;

  @BeforeEach
  void start() throws Exception {
    nodes = new RaftNodes(folder, 3);
    founders = IntStream.rangeClosed(1, 3).mapToObj(id -> nodes.peer(id, "aa")).toList();
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  /** One after the other, so that there is never a majority; the last one also votes. */
  @Test
  void foundersThatNeverHadALeaderElectOne() throws Exception {
    for (int id = 1; id <= 3; id++) {
      nodes.close(id);
      nodes.wipe(id);
    }
    for (int id = 1; id <= 3; id++) {
      nodes.open(id, "aa").host.addGroup(GROUP, founders);
      nodes.close(id);
    }

    for (int id = 1; id <= 3; id++) {
      nodes.open(id, "aa");
      assertThat(nodes.node(id).host.isStillborn(GROUP)).isTrue();
      nodes.node(id).host.addGroup(GROUP, founders);
      assertThat(nodes.node(id).host.isStillborn(GROUP)).isFalse();
    }

    assertThat(nodes.count()).isEqualTo(1);
  }

  @Test
  void aFounderWithEntriesKeepsThem() throws Exception {
    nodes.count();
    for (int id = 1; id <= 3; id++) {
      nodes.close(id);
    }

    for (int id = 1; id <= 3; id++) {
      nodes.open(id, "aa").host.addGroup(GROUP, founders);
    }

    assertThat(nodes.count()).isEqualTo(2);
  }
}
