package io.flotilla.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.node.core.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must keep to. Its subclasses say which store, and what a crash is. */
public abstract class StoreContractTest {

  private static final byte[] ABOVE_ALL = HexFormat.of().parseHex("ff".repeat(9));

  protected Store store;

  protected abstract Store open();

  /** What a node finds after its process died: the store again, without flush. */
  protected abstract Store crash(Store store);

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private void put(Table table, String key, String value) {
    WriteBatch batch = store.newBatch();
    batch.put(table, bytes(key), bytes(value));
    store.commit(batch);
  }

  private static List<String> rows(View view, Table table, String from, String to) {
    return drain(view.scan(table, bytes(from), bytes(to)));
  }

  private static List<String> drain(View.Cursor cursor) {
    HexFormat hex = HexFormat.of();
    List<String> rows = new ArrayList<>();
    try (cursor) {
      while (cursor.next()) {
        rows.add(hex.formatHex(cursor.key()) + "=" + hex.formatHex(cursor.value()));
      }
      assertThat(cursor.next()).isFalse();
    }
    return rows;
  }

  @Test
  void aMissingRowIsNull() {
    assertThat(store.get(Table.EVENTS, bytes("01"))).isNull();
  }

  @Test
  void aSnapshotStaysAsItWasWhileTheStoreGoesOn() {
    put(Table.EVENTS, "01", "aa");
    put(Table.EVENTS, "02", "aa");
    Snapshot before = store.snapshot();
    put(Table.EVENTS, "01", "bb");
    put(Table.EVENTS, "03", "bb");
    WriteBatch batch = store.newBatch();
    batch.deleteRange(Table.EVENTS, bytes("02"), bytes("03"));
    store.commit(batch);
    store.flush();

    assertThat(before.get(Table.EVENTS, bytes("01"))).isEqualTo(bytes("aa"));
    assertThat(before.get(Table.EVENTS, bytes("03"))).isNull();
    assertThat(rows(before, Table.EVENTS, "", "ff")).containsExactly("01=aa", "02=aa");
    assertThat(drain(before.scanBackward(Table.EVENTS, bytes(""), bytes("ff"))))
        .containsExactly("02=aa", "01=aa");
    before.close();
    before.close();
    assertThatThrownBy(() -> before.get(Table.EVENTS, bytes("01")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(rows(store, Table.EVENTS, "", "ff")).containsExactly("01=bb", "03=bb");
  }

  @Test
  void tablesAreApart() {
    put(Table.EVENTS, "01", "aa");
    assertThat(store.get(Table.TIMES, bytes("01"))).isNull();
    assertThat(store.get(Table.EVENTS, bytes("01"))).isEqualTo(bytes("aa"));
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    for (String key : List.of("80", "7f", "ff", "00", "7f00")) {
      put(Table.EVENTS, key, "");
    }
    assertThat(rows(store, Table.EVENTS, "", "ffff"))
        .containsExactly("00=", "7f=", "7f00=", "80=", "ff=");
  }

  @Test
  void scansIncludeTheLowerBoundAndExcludeTheUpperOne() {
    for (String key : List.of("01", "02", "03", "04")) {
      put(Table.EVENTS, key, key);
    }
    assertThat(rows(store, Table.EVENTS, "02", "04")).containsExactly("02=02", "03=03");
    assertThat(drain(store.scanBackward(Table.EVENTS, bytes("02"), bytes("04"))))
        .containsExactly("03=03", "02=02");
    assertThat(rows(store, Table.EVENTS, "04", "02")).isEmpty();
    assertThat(drain(store.scanBackward(Table.EVENTS, bytes("03"), bytes("03")))).isEmpty();
  }

  @Test
  void nothingOfABatchIsSeenBeforeItsCommit() {
    try (WriteBatch batch = store.newBatch()) {
      batch.put(Table.EVENTS, bytes("01"), bytes("aa"));
      assertThat(store.get(Table.EVENTS, bytes("01"))).isNull();
      assertThat(batch.get(Table.EVENTS, bytes("01"))).isEqualTo(bytes("aa"));
    }
    assertThat(store.get(Table.EVENTS, bytes("01"))).isNull();
  }

  @Test
  void aBatchReadsItsOwnWritesOverTheStore() {
    for (String key : List.of("01", "02", "03", "04", "05")) {
      put(Table.EVENTS, key, "aa");
    }
    WriteBatch batch = store.newBatch();
    batch.put(Table.EVENTS, bytes("06"), bytes("bb"));
    batch.deleteRange(Table.EVENTS, bytes("02"), bytes("05"));
    batch.put(Table.EVENTS, bytes("03"), bytes("cc"));
    batch.delete(Table.EVENTS, bytes("01"));

    List<String> seen = rows(batch, Table.EVENTS, "", "ff");
    assertThat(seen).containsExactly("03=cc", "05=aa", "06=bb");
    assertThat(drain(batch.scanBackward(Table.EVENTS, bytes(""), bytes("ff"))))
        .containsExactly("06=bb", "05=aa", "03=cc");
    assertThat(batch.get(Table.EVENTS, bytes("02"))).isNull();

    store.commit(batch);
    assertThat(rows(store, Table.EVENTS, "", "ff")).isEqualTo(seen);
  }

  @Test
  void aRangeClearsWhatTheSameBatchWroteBefore() {
    WriteBatch batch = store.newBatch();
    batch.put(Table.EVENTS, bytes("01"), bytes("aa"));
    batch.deleteRange(Table.EVENTS, bytes("00"), bytes("ff"));
    assertThat(batch.get(Table.EVENTS, bytes("01"))).isNull();
    store.commit(batch);
    assertThat(rows(store, Table.EVENTS, "", "ff")).isEmpty();
  }

  @Test
  void aCommittedBatchCannotBeCommittedAgain() {
    WriteBatch batch = store.newBatch();
    store.commit(batch);
    assertThatThrownBy(() -> store.commit(batch)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aScanDoesNotSeeWhatIsCommittedAfterItBegan() {
    put(Table.EVENTS, "01", "aa");
    View.Cursor before = store.scan(Table.EVENTS, bytes(""), bytes("ff"));
    put(Table.EVENTS, "02", "bb");
    assertThat(drain(before)).containsExactly("01=aa");
  }

  @Test
  void readersBesideTheWriterSeeWholeBatches() {
    AtomicBoolean done = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 500; i++) {
                WriteBatch batch = store.newBatch();
                for (int row = 0; row < 4; row++) {
                  batch.put(Table.EVENTS, Keys.of(row), Keys.of(i));
                }
                store.commit(batch);
              }
              done.set(true);
            });
    while (!done.get() && !writer.isCompletedExceptionally()) {
      List<String> values =
          drain(store.scan(Table.EVENTS, Keys.FIRST, Keys.last())).stream()
              .map(row -> row.substring(row.indexOf('=')))
              .toList();
      assertThat(values.stream().distinct().count()).isLessThanOrEqualTo(1);
      assertThat(values.size()).isIn(0, 4);
    }
    writer.join();
  }

  @Test
  void whatWasFlushedSurvivesACrash() {
    put(Table.EVENTS, "01", "aa");
    put(Table.RAFT, "02", "bb");
    store.flush();
    store = crash(store);
    assertThat(store.get(Table.EVENTS, bytes("01"))).isEqualTo(bytes("aa"));
    assertThat(store.get(Table.RAFT, bytes("02"))).isEqualTo(bytes("bb"));
  }

  @Test
  void bytesSinceFlushGrowAndFallBack() {
    assertThat(store.bytesSinceFlush()).isZero();
    WriteBatch batch = store.newBatch();
    batch.put(Table.EVENTS, bytes("01"), new byte[1000]);
    store.commit(batch);
    assertThat(store.bytesSinceFlush()).isBetween(1000L, 1100L);
    store.flush();
    assertThat(store.bytesSinceFlush()).isZero();
  }

  /**
   * Each batch writes its number to every table: after a crash all tables must agree on the last
   * one.
   */
  @Test
  void aCrashKeepsAPrefixOfWholeBatches() {
    int batches = 400;
    for (long i = 0; i < batches; i++) {
      WriteBatch batch = store.newBatch();
      for (Table table : Table.values()) {
        batch.put(table, Keys.of(i), new byte[table == Table.EVENTS ? 5000 : 100]);
      }
      store.commit(batch);
    }
    store = crash(store);
    int kept = drain(store.scan(Table.EVENTS, Keys.FIRST, Keys.last())).size();
    assertThat(kept).isLessThan(batches);
    for (Table table : Table.values()) {
      try (View.Cursor rows = store.scan(table, Keys.FIRST, Keys.last())) {
        for (long i = 0; i < kept; i++) {
          assertThat(rows.next()).isTrue();
          assertThat(Keys.number(rows.key(), 0)).isEqualTo(i);
        }
        assertThat(rows.next()).isFalse();
      }
    }
  }

  @Test
  void aStoreBehavesAsASortedMap() {
    Seeds.some(3).forEach(this::behavesAsASortedMap);
  }

  private void behavesAsASortedMap(long seed) {
    Random random = new Random(seed);
    WriteBatch clear = store.newBatch();
    clear.deleteRange(Table.EVENTS, Keys.FIRST, ABOVE_ALL);
    store.commit(clear);
    NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < 150; i++) {
      WriteBatch batch = store.newBatch();
      for (int j = random.nextInt(8); j >= 0; j--) {
        change(random, batch, model);
        View view = random.nextBoolean() ? batch : null;
        if (view != null) {
          compare(random, view, model, seed);
        }
      }
      store.commit(batch);
      if (random.nextInt(20) == 0) {
        store.flush();
        store = crash(store);
      }
      compare(random, store, model, seed);
    }
  }

  private static void change(Random random, WriteBatch batch, NavigableMap<byte[], byte[]> model) {
    byte[] key = key(random);
    switch (random.nextInt(6)) {
      case 0 -> {
        batch.delete(Table.EVENTS, key);
        model.remove(key);
      }
      case 1 -> {
        byte[] to = key(random);
        batch.deleteRange(Table.EVENTS, key, to);
        if (Arrays.compareUnsigned(key, to) < 0) {
          model.subMap(key, to).clear();
        }
      }
      default -> {
        byte[] value = new byte[random.nextInt(3) == 0 ? 5000 : 3];
        random.nextBytes(value);
        batch.put(Table.EVENTS, key, value);
        model.put(key, value);
      }
    }
  }

  private static byte[] key(Random random) {
    byte[] key = new byte[1 + random.nextInt(2)];
    random.nextBytes(key);
    key[0] &= (byte) 0x8f;
    return key;
  }

  private static void compare(
      Random random, View view, NavigableMap<byte[], byte[]> model, long seed) {
    byte[] from = key(random);
    byte[] to = key(random);
    NavigableMap<byte[], byte[]> expected =
        Arrays.compareUnsigned(from, to) < 0
            ? model.subMap(from, true, to, false)
            : new TreeMap<>(Arrays::compareUnsigned);
    assertThat(drain(view.scan(Table.EVENTS, from, to)))
        .as("seed " + seed)
        .isEqualTo(text(expected));
    assertThat(drain(view.scanBackward(Table.EVENTS, from, to)))
        .as("seed " + seed)
        .isEqualTo(text(expected.descendingMap()));
    assertThat(view.get(Table.EVENTS, from)).as("seed " + seed).isEqualTo(model.get(from));
  }

  private static List<String> text(Map<byte[], byte[]> rows) {
    HexFormat hex = HexFormat.of();
    return rows.entrySet().stream()
        .map(row -> hex.formatHex(row.getKey()) + "=" + hex.formatHex(row.getValue()))
        .toList();
  }
}
