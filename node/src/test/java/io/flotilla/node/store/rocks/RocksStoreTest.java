package io.flotilla.node.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flotilla.node.store.CorruptStoreException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.StoreContractTest;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store in RocksDB keeps the contract. Small write buffers, so that it flushes by itself too.
 */
class RocksStoreTest extends StoreContractTest {

  private static final RocksSettings SMALL = new RocksSettings(8 << 20, 256 << 10);

  @TempDir Path directory;

  @Override
  protected Store open() {
    return RocksStore.open(directory.resolve("not/yet/there"), SMALL, (what, cause) -> {});
  }

  /** There is no write-ahead log, and closing does not flush: what was not flushed is gone. */
  @Override
  protected Store crash(Store store) {
    store.close();
    return open();
  }

  @Test
  void whetherFilesCanBeWrittenPastThePageCacheIsTriedAndLeavesNothing() throws IOException {
    DirectWrites.possibleIn(directory);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.contains("probe"));
    }
    assertThat(DirectWrites.possibleIn(Path.of("/proc"))).isFalse();
  }

  @Test
  void aSecondOpenerIsToldThatTheStoreIsOpen() {
    assertThatThrownBy(this::open)
        .isInstanceOf(RocksFault.class)
        .hasMessageContaining("open already");
  }

  @Test
  void aClosedStoreRefusesInsteadOfCrashing() {
    store.close();
    assertThatThrownBy(() -> store.get(Table.RAFT, Keys.of(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.scan(Table.RAFT, Keys.FIRST, Keys.last()))
        .isInstanceOf(IllegalStateException.class);
    store.close();
  }

  @Test
  void spaceOfDeletedRowsReturnsAndTheOthersStay() {
    byte[] value = new byte[100_000];
    for (int i = 0; i < 200; i++) {
      WriteBatch batch = store.newBatch();
      batch.put(Table.EVENTS, Keys.of(i % 10 == 0 ? 2 : 1, i), value);
      store.commit(batch);
    }
    store.flush();
    assertThat(bytesOnDisk()).isGreaterThan(20_000_000);

    WriteBatch batch = store.newBatch();
    batch.deleteRange(Table.EVENTS, Keys.of(1), Keys.of(1, 190));
    store.commit(batch);
    store.reclaim(Table.EVENTS, Keys.of(1), Keys.of(1, 190));

    await().atMost(Duration.ofSeconds(30)).until(() -> bytesOnDisk() < 8_000_000);
    try (View.Cursor rows = store.scan(Table.EVENTS, Keys.FIRST, Keys.last())) {
      int left = 0;
      while (rows.next()) {
        assertThat(rows.value()).hasSize(value.length);
        left++;
      }
      assertThat(left).isEqualTo(29);
    }
  }

  /** Files may go while they are counted. */
  private long bytesOnDisk() {
    File[] files = directory.resolve("not/yet/there").toFile().listFiles();
    return files == null ? 0 : Stream.of(files).mapToLong(File::length).sum();
  }

  @Test
  void topicsThatComeAndGoLeaveNoFilesBehind() {
    int topics = 80;
    for (int topic = 0; topic < topics; topic++) {
      try (WriteBatch batch = store.newBatch()) {
        for (Table table : Table.values()) {
          batch.put(table, Keys.of(topic, 1), new byte[300]);
        }
        store.commit(batch);
      }
      try (WriteBatch batch = store.newBatch()) {
        for (Table table : Table.values()) {
          batch.deleteRange(table, Keys.of(topic), Keys.of(topic + 1));
          batch.deleteRange(table, Keys.of(topic, 1), Keys.of(topic, 2));
        }
        store.commit(batch);
      }
      store.reclaim(Table.EVENTS, Keys.of(topic), Keys.of(topic + 1));
      store.flush();
    }
    // One more deletion finds all that the others left.
    store.reclaim(Table.EVENTS, Keys.FIRST, Keys.last());

    int most = 33 * Table.values().length;
    assertThat(most).as("or it would prove nothing").isLessThan(topics * Table.values().length);
    await().atMost(Duration.ofSeconds(60)).until(() -> sortedFiles() < most);
  }

  private long sortedFiles() {
    File[] files = directory.resolve("not/yet/there").toFile().listFiles();
    return files == null
        ? 0
        : Stream.of(files).filter(file -> file.getName().endsWith(".sst")).count();
  }

  @Test
  void aStoreWhoseCompactionMeetsDamageIsGivenUpAndNotOpenedAgain() throws Exception {
    for (int round = 0; round < 3; round++) {
      WriteBatch batch = store.newBatch();
      for (int i = 0; i < 2_000; i++) {
        batch.put(Table.PRODUCERS, Keys.of(i, round), new byte[100]);
      }
      store.commit(batch);
      store.flush();
    }
    store.close();
    flipBitsInTheFirstHalfOf(".sst");
    List<String> broken = new CopyOnWriteArrayList<>();
    Path opened = directory.resolve("not/yet/there");
    try (RocksStore damaged = RocksStore.open(opened, SMALL, (what, cause) -> broken.add(what))) {
      damaged.reclaim(Table.PRODUCERS, Keys.of(0), Keys.of(2_000));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                WriteBatch more = damaged.newBatch();
                more.put(Table.PRODUCERS, Keys.of(1), new byte[1]);
                try {
                  damaged.commit(more);
                } catch (RocksFault e) {
                  return true;
                }
                return false;
              });
    }
    assertThat(broken).isNotEmpty();

    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("given up")
        .hasMessageContaining("checksum mismatch");
    RocksStore.openGivenUp(opened, SMALL).close();
  }

  private void flipBitsInTheFirstHalfOf(String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.filter(file -> file.toString().endsWith(suffix)).toList()) {
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 100; i < bytes.length / 2; i += 1_000) {
          bytes[i] ^= 1;
        }
        Files.write(path, bytes);
      }
    }
  }

  @Test
  void aStoreThatLacksItsListOfFilesIsNotBegunAnew() throws Exception {
    WriteBatch batch = store.newBatch();
    batch.put(Table.RAFT, Keys.of(1), new byte[1]);
    store.commit(batch);
    store.flush();
    store.close();
    Path opened = directory.resolve("not/yet/there");
    Path current = opened.resolve("CURRENT");
    String list = Files.readString(current);

    Files.delete(current);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("lacks CURRENT");

    Files.writeString(current, "MANIFEST-999999\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptStoreException.class)
        .hasMessageContaining("lacks MANIFEST-999999");

    Files.writeString(current, list);
    open().close();
  }

  @Test
  void closingDuringReclaimEndsIt() {
    for (int i = 0; i < 50; i++) {
      store.reclaim(Table.EVENTS, Keys.FIRST, Keys.last());
    }
    store.close();
    store.reclaim(Table.EVENTS, Keys.FIRST, Keys.last());
  }

  @Test
  void closingWaitsForOpenCursors() {
    WriteBatch batch = store.newBatch();
    batch.put(Table.EVENTS, Keys.of(1), new byte[10]);
    store.commit(batch);
    View.Cursor cursor = store.scan(Table.EVENTS, Keys.FIRST, Keys.last());
    CompletableFuture<Void> closing = CompletableFuture.runAsync(store::close);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.value()).hasSize(10);
    assertThat(closing).isNotDone();
    cursor.close();
    closing.join();
  }
}
