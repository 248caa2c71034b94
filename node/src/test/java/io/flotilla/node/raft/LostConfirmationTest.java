package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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
      Path raft = nodes.dir(follower).resolve("raft");
      Path floors = raft.resolve(RaftHost.FLOORS);
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
      cutLastEntry(raft);
      RaftNodes.Node back = nodes.open(follower, "aa");

      await().atMost(RaftNodes.SOON).until(() -> back.counted() == 2);
      assertThat(nodes.leader()).isEqualTo(leader);
    }
  }

  private static void cutLastEntry(Path raft) throws IOException {
    Path log =
        raft.resolve("groups").resolve(GroupDisks.folderName(RaftNodes.GROUP)).resolve("current");
    try (Stream<Path> files = Files.list(log)) {
      SegmentFile open =
          files
              .map(SegmentFile::of)
              .filter(file -> file != null && file.open())
              .findFirst()
              .orElseThrow();
      try (RandomAccessFile file = new RandomAccessFile(open.path().toFile(), "rw")) {
        file.setLength(open.read().goodBytes() - 3);
      }
    }
  }
}
