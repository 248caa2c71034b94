package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is stopped just behind the creation of a topic. */
class ClosedWhileOpeningTest {
  private static final int GROUPS = 30;
  private static final long GROUP = 2_000;

  /** It used to fail, with exit code 1, for a group that had no log yet. */
  @Test
  void itClosesInOrder(@TempDir Path folder) throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 1)) {
      long count = nodes.count();
      RaftHost host = nodes.node(1).host;
      for (int i = 0; i < GROUPS; i++) {
        long group = GROUP + i;
        Thread.currentThread().interrupt(); // As the end of its thread does: nobody waits for it.
        assertThatThrownBy(() -> host.addGroup(group, List.of(nodes.peer(1, "aa"))))
            .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
      }

      assertThatCode(() -> nodes.close(1)).doesNotThrowAnyException();

      nodes.open(1, "aa");
      assertThat(nodes.count()).isEqualTo(count + 1);
    }
  }
}
