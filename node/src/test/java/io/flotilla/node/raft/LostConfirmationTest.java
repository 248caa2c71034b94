package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that loses what it had confirmed, and so soon that nothing else bears witness. */
@Tag("long")
class LostConfirmationTest {

  private static final int IN_FLIGHT = 64;

  @TempDir Path folder;

  /**
   * Ratis goes on behind what the follower had confirmed, again and again, until another leads; the
   * follower, which is closed and opened within milliseconds here, lacks that.
   */
  @Test
  void aFollowerThatLostItsLastEntryUnnoticedIsSentItAgainUnderLoad() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 3)) {
      nodes.count();
      int leader = nodes.leader();
      int follower = leader % 3 + 1;
      await().atMost(RaftNodes.SOON).until(() -> nodes.node(follower).counted() == 1);
      Path raft = nodes.dir(follower).resolve("raft");
      Path floors = raft.resolve("floors");
      Path soon = FloorKeeper.soonFile(floors);
      await().atMost(RaftNodes.SOON).until(() -> Floors.read(floors) != null);
      byte[] floorsBefore = Files.readAllBytes(floors);
      byte[] soonBefore = Files.readAllBytes(soon);
      nodes.count();
      await().atMost(RaftNodes.SOON).until(() -> nodes.node(follower).counted() == 2);
      try (Load load = new Load(nodes.node(leader))) {
        await().atMost(RaftNodes.SOON).until(() -> load.answered.get() > IN_FLIGHT);

        nodes.close(follower);
        Files.write(floors, floorsBefore);
        Files.write(soon, soonBefore);
        cutLastEntry(raft);
        RaftNodes.Node back = nodes.open(follower, "aa");

        long then = load.answered.get();
        await().atMost(RaftNodes.SOON).until(() -> back.counted() > then);
        assertThat(nodes.leader()).isEqualTo(leader);
      }
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

  /** Proposals, many at once, until it is closed. */
  private static final class Load implements AutoCloseable {
    final AtomicLong answered = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread;

    Load(RaftNodes.Node leader) {
      Replica replica = Objects.requireNonNull(leader.host.replica(RaftNodes.GROUP));
      Semaphore room = new Semaphore(IN_FLIGHT);
      thread =
          new Thread(
              () -> {
                while (!over.get()) {
                  room.acquireUninterruptibly();
                  var unused =
                      replica
                          .propose(ByteString.copyFromUtf8("one more"))
                          .whenComplete(
                              (count, fault) -> {
                                room.release();
                                if (fault == null) {
                                  answered.incrementAndGet();
                                }
                              });
                }
              });
      thread.start();
    }

    @Override
    public void close() throws InterruptedException {
      over.set(true);
      thread.join();
    }
  }
}
