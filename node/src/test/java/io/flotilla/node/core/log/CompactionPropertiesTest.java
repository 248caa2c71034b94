package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.Seeds;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.state.v1.PartitionState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Any history of a compacted log, against models of its events and of its size. */
class CompactionPropertiesTest {
  @Test
  void anyHistoryEndsAsTheModelSays() {
    Seeds.some(5).forEach(CompactionPropertiesTest::compareWithTheModel);
  }

  private static void compareWithTheModel(long seed) {
    Random random = new Random(seed);
    CompactedLog test = new CompactedLog();
    CompactedLog twin = new CompactedLog();
    Map<Long, String> all = new TreeMap<>();
    long end = 0;
    for (int i = 0; i < 300; i++) {
      test.nowMs += random.nextInt((int) CompactedLog.GRACE_MS / 4);
      twin.nowMs = test.nowMs;
      if (random.nextInt(3) > 0) {
        String[] events = new String[1 + random.nextInt(4)];
        for (int e = 0; e < events.length; e++) {
          String key = "k" + random.nextInt(12);
          events[e] = random.nextInt(4) == 0 ? key : key + "=" + i;
          all.put(end++, events[e]);
        }
        test.append(events);
        twin.append(events);
      } else {
        long upTo = (long) (random.nextDouble() * (end + 1));
        test.compact(upTo);
        if (random.nextInt(4) == 0) {
          twin.machine.reopen();
        }
        twin.compact(upTo);
      }
      checkContract(test.log(), all, seed);
    }
    assertThat(StoreRows.of(twin.machine.store)).isEqualTo(StoreRows.of(test.machine.store));
    test.compact(end);
    test.nowMs += 2 * CompactedLog.GRACE_MS;
    test.compact(end);
    assertThat(values(test.log())).as("seed " + seed).isEqualTo(latest(all));
  }

  /** Rules 1 to 3: what is there is what was appended, in order; final states are all there. */
  private static void checkContract(List<String> log, Map<Long, String> all, long seed) {
    assertThat(all.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList())
        .as("seed " + seed)
        .containsSubsequence(log);
    assertThat(values(log)).as("seed " + seed).isEqualTo(latest(all));
  }

  /** Each key's last value; none for a key whose last event is a tombstone. */
  private static Map<String, String> latest(Map<Long, String> all) {
    Map<String, String> latest = new LinkedHashMap<>();
    all.values().forEach(event -> put(latest, event));
    return new TreeMap<>(latest);
  }

  private static Map<String, String> values(List<String> log) {
    Map<String, String> latest = new TreeMap<>();
    log.forEach(event -> put(latest, event.substring(event.indexOf(' ') + 1)));
    return latest;
  }

  private static void put(Map<String, String> latest, String event) {
    int at = event.indexOf('=');
    if (at < 0) {
      latest.remove(event);
    } else {
      latest.put(event.substring(0, at), event.substring(at + 1));
    }
  }

  @Test
  void sizesAreExactThroughCompactionAndTrims() {
    Seeds.some(3).forEach(CompactionPropertiesTest::compareSizes);
  }

  private static void compareSizes(long seed) {
    Random random = new Random(seed);
    CompactedLog test = new CompactedLog();
    for (int i = 0; i < 150; i++) {
      PartitionState state = test.machine.reader(P0).state();
      long end = state.getNextOffset();
      int what = random.nextInt(8);
      if (what < 6) {
        String value = "x".repeat(random.nextInt(400_000));
        test.append("k" + random.nextInt(6) + "=" + value, "k" + random.nextInt(50) + "=y");
      } else if (what == 6) {
        test.compact((long) (random.nextDouble() * (end + 1)));
      } else if (random.nextBoolean()) {
        test.trim((long) (random.nextDouble() * (end + 1)));
      } else {
        long keep = random.nextInt(4 << 20);
        test.trim(test.machine.reader(P0).trimPoint(new RetentionLimits(-1, keep), 0));
        assertThat(test.machine.reader(P0).state().getStoredBytes())
            .as("seed " + seed)
            .isGreaterThanOrEqualTo(Math.min(keep, state.getStoredBytes()));
      }
      assertThat(test.machine.reader(P0).state().getStoredBytes())
          .as("seed " + seed + " step " + i)
          .isEqualTo(bytesOf(test.machine));
    }
  }

  /** Its mark, with what was freed behind it, must not outlive the next trim. */
  @Test
  void sizesStayExactWhenTheBatchThatHeldLogStartIsCompactedAway() {
    CompactedLog test = new CompactedLog();
    test.append("a=" + "x".repeat(1_000), "b=" + "y".repeat(1_000));
    test.append("a=1");
    test.compact(3);
    test.trim(1);
    test.append("b=2");
    test.compact(4);
    test.trim(2);
    test.append("c=" + "x".repeat((int) EventLog.MARK_BYTES));
    test.append("d=3");
    test.trim(5);
    assertThat(test.machine.reader(P0).state().getStoredBytes()).isEqualTo(bytesOf(test.machine));
    assertThat(test.machine.reader(P0).state().getCompaction().getFreedBytes()).isZero();
  }

  private static long bytesOf(Machine machine) {
    long bytes = 0;
    try (View.Cursor rows = machine.store.scan(Table.EVENTS, Keys.FIRST, Keys.last())) {
      while (rows.next()) {
        bytes += rows.value().length;
      }
    }
    return bytes;
  }
}
