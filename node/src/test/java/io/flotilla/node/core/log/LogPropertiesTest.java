package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static io.flotilla.node.core.log.Machine.P1;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.Seeds;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Table;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.GroupCommand;
import io.flotilla.proto.state.v1.GroupOutcome;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds for any history, trims included: twins, reopening, and a model of the log. */
class LogPropertiesTest {

  private static final int ENTRIES = 400;

  /** A trim to somewhere: below log start, into the log, beyond its end. */
  private static PartitionCommand randomTrim(Random random, int entry) {
    return Machine.trimOf(random.nextBoolean() ? P0 : P1, random.nextInt(2 + 2 * entry) - 1);
  }

  /** Retries, gaps, fencing, leaps of the clock both ways: all that producers and leaders do. */
  private static GroupCommand randomEntry(Random random, Map<Integer, Integer> next, long timeMs) {
    PartitionCommand[] commands = new PartitionCommand[1 + random.nextInt(3)];
    for (int i = 0; i < commands.length; i++) {
      int producer = random.nextInt(12);
      int events = 1 + random.nextInt(3);
      int sequence = next.getOrDefault(producer, 0);
      switch (random.nextInt(8)) {
        case 0 -> sequence = Math.max(0, sequence - random.nextInt(12));
        case 1 -> sequence += random.nextInt(3);
        case 2 -> sequence = random.nextInt(4) == 0 ? -1 : 0;
        default -> next.put(producer, sequence + events);
      }
      AppendBatch append =
          Machine.sent(producer, random.nextInt(30) == 0 ? 1 : 0, sequence, events).toBuilder()
              .setBatch(Machine.events(times(random, events)))
              .build();
      commands[i] = Machine.of(random.nextBoolean() ? P0 : P1, append);
    }
    return Machine.command(timeMs, commands);
  }

  private static long[] times(Random random, int count) {
    return random.longs(count, 0, 1000).toArray();
  }

  private static PartitionCommand randomCursor(Random random, int entry) {
    long generation = random.nextInt(4);
    long offset = random.nextInt(2 * entry + 2);
    return CursorsTest.on(
        switch (random.nextInt(4)) {
          case 0 -> CursorsTest.claim(generation, offset).setBornGeneration(random.nextInt(3));
          case 1 -> CursorsTest.reset(generation, offset);
          case 2 -> CursorsTest.delete(generation, random.nextInt(2));
          default -> CursorsTest.commit(generation, offset);
        });
  }

  private static List<GroupCommand> history(long seed) {
    Random random = new Random(seed);
    Map<Integer, Integer> next = new TreeMap<>();
    List<GroupCommand> entries = new ArrayList<>();
    long timeMs = 1_000_000;
    for (int i = 0; i < ENTRIES; i++) {
      timeMs += random.nextInt(20) == 0 ? Producers.STEP_MS_MAX : random.nextInt(20) - 5;
      entries.add(
          switch (random.nextInt(10)) {
            case 0 -> Machine.command(timeMs, randomTrim(random, i), randomTrim(random, i));
            case 1, 2 -> Machine.command(timeMs, randomCursor(random, i), randomCursor(random, i));
            default -> randomEntry(random, next, timeMs);
          });
    }
    return entries;
  }

  @Test
  void twinsAreEqualByteForByte() {
    Seeds.some(3)
        .forEach(
            seed -> {
              Machine one = new Machine();
              Machine other = new Machine();
              for (GroupCommand entry : history(seed)) {
                assertThat(one.apply(entry)).as("seed " + seed).isEqualTo(other.apply(entry));
              }
              assertThat(StoreRows.of(one.store))
                  .as("seed " + seed)
                  .isEqualTo(StoreRows.of(other.store));
              assertThat(one.heard).isEqualTo(other.heard);
            });
  }

  @Test
  void reopeningAtAnyPointChangesNothing() {
    Seeds.some(3)
        .forEach(
            seed -> {
              Machine lived = new Machine();
              Machine reopened = new Machine();
              Random random = new Random(~seed);
              for (GroupCommand entry : history(seed)) {
                if (random.nextInt(5) == 0) {
                  reopened.reopen();
                }
                assertThat(reopened.apply(entry)).as("seed " + seed).isEqualTo(lived.apply(entry));
              }
              assertThat(StoreRows.of(reopened.store))
                  .as("seed " + seed)
                  .isEqualTo(StoreRows.of(lived.store));
            });
  }

  /**
   * The log holds what was answered as appended and not trimmed, in order, without a hole, and
   * nothing else.
   */
  @Test
  void theLogHoldsExactlyWhatWasAcknowledged() {
    Seeds.some(3).forEach(LogPropertiesTest::logHoldsWhatWasAcknowledged);
  }

  private static void logHoldsWhatWasAcknowledged(long seed) {
    Machine machine = new Machine();
    Map<PartitionId, TreeMap<Long, EventBatch>> model =
        Map.of(P0, new TreeMap<>(), P1, new TreeMap<>());
    Map<PartitionId, Long> starts = new TreeMap<>();
    for (GroupCommand entry : history(seed)) {
      GroupOutcome outcome = machine.apply(entry);
      for (int i = 0; i < entry.getCommandsCount(); i++) {
        PartitionCommand command = entry.getCommands(i);
        PartitionId partition = PartitionId.of(command.getPartitionId());
        TreeMap<Long, EventBatch> log = model.getOrDefault(partition, new TreeMap<>());
        AppendOutcome answer = outcome.getOutcomes(i);
        if (command.hasCursor()) {
          continue; // CursorsTest is about them.
        }
        if (command.hasTrim()) {
          long start = starts.getOrDefault(partition, 0L);
          long upTo = command.getTrim().getUpToOffset();
          boolean refused = upTo < 0 || upTo > end(log);
          assertThat(answer.getError() != ErrorReason.ERROR_REASON_UNSPECIFIED).isEqualTo(refused);
          starts.put(partition, refused ? start : Math.max(start, upTo));
          assertThat(answer.getLogStartOffset()).isEqualTo(starts.get(partition));
        } else if (answer.getDuplicate()) {
          assertThat(log).containsKey(answer.getFirstOffset());
          assertThat(log.get(answer.getFirstOffset()))
              .extracting(EventBatch::getEventCount)
              .isEqualTo(command.getAppend().getBatch().getEventCount());
        } else if (answer.getError() == ErrorReason.ERROR_REASON_UNSPECIFIED) {
          assertThat(answer.getFirstOffset()).as("seed " + seed).isEqualTo(end(log));
          log.put(answer.getFirstOffset(), command.getAppend().getBatch());
        }
      }
    }
    model.forEach(
        (partition, log) -> {
          long start = starts.getOrDefault(partition, 0L);
          assertReads(machine, partition, log, start, seed);
        });
  }

  private static long end(NavigableMap<Long, EventBatch> log) {
    return log.isEmpty() ? 0 : log.lastKey() + log.lastEntry().getValue().getEventCount();
  }

  private static void assertReads(
      Machine machine,
      PartitionId partition,
      NavigableMap<Long, EventBatch> log,
      long start,
      long seed) {
    LogReader reader = machine.reader(partition);
    PartitionState state = reader.state();
    assertThat(state.getNextOffset()).isEqualTo(end(log));
    assertThat(state.getLogStartOffset()).isEqualTo(start);
    NavigableMap<Long, EventBatch> kept =
        start == end(log) ? new TreeMap<>() : log.tailMap(log.floorKey(start), true);
    assertThat(reader.read(start, end(log), Integer.MAX_VALUE))
        .as("seed " + seed)
        .extracting(StoredBatch::getBatch)
        .containsExactlyElementsOf(kept.values());
    assertThat(rows(machine, partition)).hasSize(kept.size());
    assertThat(reader.digest(start, end(log), Long.MAX_VALUE))
        .as("seed " + seed)
        .extracting(LogDigest::corrupt, LogDigest::bytes)
        .containsExactly("", state.getStoredBytes());
    for (long offset = start; offset < end(log); offset++) {
      assertThat(reader.read(offset, end(log), 1).get(0).getBaseOffset())
          .as("seed " + seed)
          .isEqualTo(log.floorKey(offset));
    }
  }

  private static List<String> rows(Machine machine, PartitionId partition) {
    String place = HexFormat.of().toHexDigits(LogPlace.first(partition).number());
    return StoreRows.of(machine.store, Table.EVENTS).stream()
        .filter(row -> row.startsWith("EVENTS " + place))
        .toList();
  }
}
