package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static io.flotilla.node.core.log.Machine.P1;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.store.Table;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kafka's contract of compaction, line by line. */
class CompactionTest extends CompactedLog {
  @Test
  void theLastEventOfEachKeyStaysWithItsOffsetAndOrder() {
    append("a=1", "b=1", "a=2");
    append("c=1", "b=2");
    append("a=3");

    compact(6);

    assertThat(log()).containsExactly("3 c=1", "4 b=2", "5 a=3");
    assertThat(machine.reader(P0).state().getNextOffset()).isEqualTo(6);
    assertThat(machine.reader(P0).state().getCompaction().getRemovedEvents()).isEqualTo(3);
  }

  @Test
  void eventsFromTheEndOfTheCompactedPartOnAreAllThere() {
    append("a=1");
    append("a=2");
    append("a=3", "a=4");

    compact(2);

    assertThat(log()).containsExactly("1 a=2", "2 a=3", "3 a=4");
  }

  @Test
  void aBatchThatReachesBeyondTheBoundIsNotTouched() {
    append("a=1");
    append("a=2", "a=3");

    compact(2);

    assertThat(log()).containsExactly("0 a=1", "1 a=2", "2 a=3");
  }

  @Test
  void aTombstoneRemovesItsKeyAndAfterItsGraceItself() {
    append("a=1", "b=1");
    append("a");

    compact(3);
    assertThat(log()).containsExactly("1 b=1", "2 a");

    nowMs += GRACE_MS - 1;
    compact(3);
    assertThat(log()).containsExactly("1 b=1", "2 a");

    nowMs += 1;
    compact(3);
    assertThat(log()).containsExactly("1 b=1");
    assertThat(StoreRows.of(machine.store, Table.KEYS)).hasSize(1);
    assertThat(StoreRows.of(machine.store, Table.TOMBSTONES)).isEmpty();
  }

  @Test
  void anEmptyValueIsNoTombstone() {
    append("a=");
    compact(1);
    nowMs += 2 * GRACE_MS;
    compact(1);

    assertThat(log()).containsExactly("0 a=");
  }

  @Test
  void aKeyThatComesBackAfterItsTombstoneOutlivesIt() {
    append("a=1");
    append("a");
    compact(2);
    append("a=2");
    nowMs += 2 * GRACE_MS;
    compact(3);

    assertThat(log()).containsExactly("2 a=2");
  }

  @Test
  void eventsWithoutAKeyStay() {
    append("=1", "a=1", "=2");
    append("a=2");
    compact(4);

    assertThat(log()).containsExactly("0 =1", "2 =2", "3 a=2");
  }

  @Test
  void aStepDoesBoundedWorkAndSaysThatThereIsMore() {
    for (int i = 0; i < 40; i++) {
      append("a=" + "x".repeat(10_000));
    }
    Compact small = command(40).toBuilder().setBytesMax(1).build();

    assertThat(apply(small)).as("64 KiB of 400 KiB are read").isTrue();
    assertThat(machine.reader(P0).state().getCompaction().getIndexedOffset()).isBetween(6L, 9L);

    int steps = 1;
    while (apply(small)) {
      steps++;
    }
    assertThat(steps).isBetween(6, 40);
    assertThat(log()).hasSize(1);
  }

  @Test
  void anOffsetThatWasRemovedReadsAsTheNextOneThatIsThere() {
    append("a=1", "b=1", "a=2");
    append("a=3");
    append("b=2");
    compact(5);

    StoredBatch next = machine.reader(P0).read(1, 5, 1).get(0);
    assertThat(BatchOffsets.of(next, BatchOffsets.indexOf(next, 1))).isEqualTo(3);
  }

  @Test
  void compressedBatchesStayCompressed() {
    List<Event> events = List.of(event("a=1"), event("b=1"), event("a=2"));
    machine.append(P0, Machine.anonymous(BatchCodec.encode(events, Compression.COMPRESSION_ZSTD)));
    compact(3);

    assertThat(log()).containsExactly("1 b=1", "2 a=2");
    assertThat(machine.reader(P0).read(0, 3, 1).get(0).getBatch().getCompression())
        .isEqualTo(Compression.COMPRESSION_ZSTD);
  }

  @Test
  void aLogThatBeginsWithinABatchIsCompactedFromThere() {
    append("a=1", "b=1", "a=2", "a=3");
    trim(1);
    append("a=4");
    compact(5);

    assertThat(log()).containsExactly("0 a=1", "1 b=1", "4 a=4");
    trim(4);
    compact(5);
    assertThat(StoreRows.of(machine.store, Table.KEYS)).as("b was swept").hasSize(1);
  }

  @Test
  void neighboursAreNotTouched() {
    append("a=1");
    machine.append(P1, batch("a=1"));
    append("a=2");
    compact(2);

    assertThat(machine.reader(P1).read(0, 1, 1)).hasSize(1);
    assertThat(log()).containsExactly("1 a=2");
  }

  @Test
  void readersAreGivenNewRowsFromMemoryUntilTheLogIsCompacted() {
    append("a=1");
    append("a=2", "b=1");
    assertThat(machine.announced).containsExactly("t7-0 +0", "t7-0 +1");

    machine.announced.clear();
    machine.apply(Machine.command(nowMs, Machine.of(P0, batch("a=3")), compaction(command(3))));
    assertThat(machine.announced).as("one entry did both").containsExactly("t7-0 compacted");

    machine.announced.clear();
    append("a=4");
    assertThat(machine.announced).isEmpty();
  }
}
