package io.flotilla.node.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.node.store.Store;
import io.flotilla.node.store.rocks.RocksSettings;
import io.flotilla.node.store.rocks.RocksStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a disk may do to a Raft log, on one of three replicas, and that it is found before the log
 * is opened. Each test says what the node did before: Ratis 3.3.0 started with a shorter log and
 * voted with it, or the node did not start at all.
 */
@Tag("campaign")
class DamagedLogTest {

  private static final int SOME = 40;
  private static final int ZERO_BYTES = 20;

  /** Something done to a file. */
  private interface Damage {
    void to(Path file) throws IOException;
  }

  @TempDir Path folder;

  /** The last file of a log that was closed cleanly, with its entries flushed and written down. */
  private List<DamagedGroup> after(boolean meta, Damage damage) throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 1)) {
      for (int i = 0; i < SOME; i++) {
        nodes.count();
      }
      nodes.close(1);
      damage.to(meta ? current().resolve("raft-meta") : lastFile());
      return damaged(nodes);
    }
  }

  private List<DamagedGroup> damaged(RaftNodes nodes) throws IOException {
    // A store that was not flushed: all of the log is needed.
    try (Store store =
        RocksStore.open(folder.resolve("empty"), RocksSettings.defaults(), (what, cause) -> {})) {
      return new GroupDisks(nodes.dir(1).resolve("raft")).damaged(store);
    }
  }

  private Path current() {
    return folder.resolve(
        "node-1/raft/groups/" + GroupDisks.folderName(RaftNodes.GROUP) + "/current");
  }

  private Path lastFile() throws IOException {
    try (Stream<Path> files = Files.list(current())) {
      return files
          .map(SegmentFile::of)
          .filter(file -> file != null && file.open())
          .findFirst()
          .orElseThrow()
          .path();
    }
  }

  private static void cut(Path file, long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(bytes);
    }
  }

  private static long written(Path file) throws IOException {
    SegmentFile segment = SegmentFile.of(file);
    if (segment == null) {
      throw new IllegalArgumentException(file + " is no part of a log");
    }
    return segment.read().goodBytes();
  }

  private static void overwrite(Path file, long at, byte[] bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      open.write(bytes);
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      int before = open.read();
      open.seek(at);
      open.write(before ^ 1);
    }
  }

  private static void found(List<DamagedGroup> damaged, String what) {
    assertThat(damaged).hasSize(1);
    assertThat(damaged.get(0).group()).isEqualTo(RaftNodes.GROUP);
    assertThat(damaged.get(0).what()).contains(what);
  }

  @Test
  void aWholeLogIsNotDamaged() throws Exception {
    assertThat(after(false, file -> {})).isEmpty();
  }

  @Test
  void aLogThatIsCutWithinItsLastEntryIsFoundAndUsedToLoseThatEntry() throws Exception {
    found(after(false, file -> cut(file, written(file) - 3)), "ends within an entry");
  }

  @Test
  void aLogThatIsCutToHalfIsFoundAndUsedToLoseHalf() throws Exception {
    found(after(false, file -> cut(file, written(file) / 2)), "ends at entry");
  }

  @Test
  void aLogWhoseSecondHalfIsZeroedIsFoundAndUsedToKeepTheNodeDown() throws Exception {
    found(
        after(
            false,
            file -> {
              int half = (int) written(file) / 2;
              overwrite(file, half, new byte[half + 1]);
            }),
        "ends at entry");
  }

  @Test
  void aLogWhoseFileIsDeletedIsFoundAndUsedToLoseEverything() throws Exception {
    found(after(false, Files::delete), "ends at entry -1");
  }

  @Test
  void aFlippedBitIsFoundAndUsedToKeepTheNodeDown() throws Exception {
    found(after(false, file -> flip(file, written(file) / 2)), "an entry");
  }

  @Test
  void anEmptiedVoteIsFoundAndUsedToKeepTheNodeDown() throws Exception {
    found(after(true, file -> cut(file, 0)), "raft-meta has no term and vote");
  }

  @Test
  void aDeletedVoteIsFoundAndUsedToKeepTheNodeDown() throws Exception {
    found(after(true, Files::delete), "raft-meta is missing");
  }

  @Test
  void anOlderVoteIsFoundAndUsedToBeTakenForTheLast() throws Exception {
    found(
        after(true, file -> Files.writeString(file, "term=0\nvotedFor=1.aa\n")),
        "raft-meta has only term 0");
  }

  @Test
  void aDeletedFolderIsFoundAndUsedToBeAFreshVoter() throws Exception {
    found(
        after(false, file -> GroupDisks.delete(current().resolve("..").normalize())),
        "current is missing");
  }

  @Test
  void aLossThatNothingIsWrittenDownOfIsFoundBecauseThatIsMissing() throws Exception {
    List<DamagedGroup> damaged =
        after(false, file -> Files.delete(folder.resolve("node-1/raft/floors")));

    assertThat(damaged)
        .extracting(DamagedGroup::group)
        .contains(RaftNodes.GROUP, GroupIds.METADATA);
  }

  @Test
  void aDamagedGroupIsPutAsideAndCountsAsDamagedUntilThatIsWrittenDown() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 1)) {
      nodes.count();
      nodes.close(1);
      cut(lastFile(), 0);
      GroupDisks disks = new GroupDisks(nodes.dir(1).resolve("raft"));
      Path aside = folder.resolve("damaged");

      // As after a crash between each two steps: everything is done again.
      disks.setAside(RaftNodes.GROUP, aside);
      found(damaged(nodes), "current is missing");
      disks.setAside(RaftNodes.GROUP, aside);
      assertThat(aside.resolve(GroupDisks.folderName(RaftNodes.GROUP))).isDirectory();
      disks.forget(List.of(RaftNodes.GROUP));

      assertThat(damaged(nodes)).isEmpty();
      assertThat(disks.onDisk()).isEmpty();
    }
  }

  @Test
  void aTornLastWriteIsCutOffAndTheNodeStartsThoughItUsedToStayDown() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 1)) {
      for (int i = 0; i < SOME; i++) {
        nodes.count();
      }
      nodes.close(1);
      // Written after the last word on how far the log was, and not to its end: never confirmed.
      Path file = lastFile();
      new GroupDisks(nodes.dir(1).resolve("raft")).forget(List.of(RaftNodes.GROUP));
      overwrite(file, written(file) - ZERO_BYTES, new byte[ZERO_BYTES]);

      GroupDisks.delete(nodes.dir(1).resolve("store"));

      assertThat(damaged(nodes)).isEmpty();
      nodes.open(1, "aa");

      assertThat(nodes.count()).isEqualTo(SOME);
    }
  }

  @Test
  void anIdleGroupThatIsStartedAgainAndAgainStaysWhole() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 1)) {
      for (int i = 0; i < 4; i++) {
        assertThat(nodes.leader()).isEqualTo(1);
        nodes.node(1).host.checkpoint();
        await()
            .during(Duration.ofMillis(500))
            .atMost(RaftNodes.SOON)
            .until(() -> nodes.members().size() == 1);
        nodes.close(1);
        assertThat(damaged(nodes)).isEmpty();
        nodes.open(1, "aa");
      }
    }
  }

  @Test
  void howFarALogIsIsWrittenDownWhileTheNodeRuns() throws Exception {
    try (RaftNodes nodes = new RaftNodes(folder, 1)) {
      nodes.count();
      await()
          .atMost(RaftNodes.SOON)
          .until(
              () -> {
                Floors floors = Floors.read(folder.resolve("node-1/raft/floors"));
                return floors != null && floors.of(RaftNodes.GROUP).index() > 0;
              });
    }
  }
}
