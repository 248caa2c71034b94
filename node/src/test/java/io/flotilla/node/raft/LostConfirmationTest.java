package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that loses what it had confirmed, and so soon that nothing else bears witness. */
@Tag("long")
class LostConfirmationTest {

  @TempDir Path folder;

  /**
   * A follower is believed once it had confirmed an entry: to what it answers to heartbeats Ratis
   * does not listen then, and an idle leader has nothing else to send.
   */
  @Test
  void aFollowerThatLostItsLastEntryUnnoticedIsSentItAgain() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3)) {
      nodes.count();
      int leader = nodes.leader();
      int follower = leader % 3 + 1;
      await().atMost(RaftNodes.SOON).until(() -> nodes.node(follower).counted() == 1);
      Path floors = nodes.dir(follower).resolve("raft").resolve(RaftHost.FLOORS);
      Path soon = FloorKeeper.soonFile(floors);
      await().atMost(RaftNodes.SOON).until(() -> Floors.read(floors) != null);
      byte[] floorsBefore = Files.readAllBytes(floors);
      byte[] soonBefore = Files.readAllBytes(soon);
      nodes.count();
      await().atMost(RaftNodes.SOON).until(() -> nodes.node(follower).counted() == 2);

      nodes.close(follower);
      nodes.loseStore(follower);
      Files.write(floors, floorsBefore);
      Files.write(soon, soonBefore);
      cutLastEntry(nodes.log(follower));
      RaftNodes.Node back = nodes.open(follower, "aa");

      await().atMost(RaftNodes.SOON).until(() -> back.counted() == 2);
      assertThat(nodes.leader()).isEqualTo(leader);
    }
  }

  private static void cutLastEntry(List<SegmentFile> log) throws IOException {
    SegmentFile last = log.get(log.size() - 1);
    try (RandomAccessFile file = new RandomAccessFile(last.path().toFile(), "rw")) {
      file.setLength(last.read().goodBytes() - 3);
    }
  }
}
