package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static io.flotilla.node.core.log.Machine.P1;
import static io.flotilla.node.core.log.Machine.anonymous;
import static io.flotilla.node.core.log.Machine.command;
import static io.flotilla.node.core.log.Machine.events;
import static io.flotilla.node.core.log.Machine.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Offsets, times, reading and dropping. */
class EventLogTest {

  private final Machine machine = new Machine();

  private List<Long> read(long from, long end, int maxBytes) {
    return machine.reader(P0).read(from, end, maxBytes).stream()
        .map(StoredBatch::getBaseOffset)
        .toList();
  }

  @Test
  void anEmptyPartitionBeginsAndEndsAtZero() {
    assertThat(machine.reader(P0).state().getNextOffset()).isZero();
    assertThat(machine.reader(P0).state().getMaxTimestampUnixMs()).isEqualTo(-1);
    assertThat(read(0, 0, 1000)).isEmpty();
    assertThat(read(0, 10, 1000)).isEmpty();
  }

  @Test
  void aBatchIsStoredUntouchedWithWhatTheClusterAdds() {
    AppendBatch append = sent(9, 2, 5, 3);
    machine.append(P0, sent(8, 0, 0, 4));
    machine.append(P0, append);
    assertThat(machine.reader(P0).read(4, 7, 1000))
        .containsExactly(
            StoredBatch.newBuilder()
                .setBaseOffset(4)
                .setAppendTimeUnixMs(machine.timeMs)
                .setBatch(append.getBatch())
                .setProducerId(9)
                .setProducerEpoch(2)
                .setFirstSequence(5)
                .build());
  }

  @Test
  void readingGivesTheBatchThatHoldsTheOffsetFirst() {
    for (int i = 0; i < 4; i++) {
      machine.append(P0, anonymous(events(1, 2, 3)));
    }
    assertThat(read(0, 12, 10_000)).containsExactly(0L, 3L, 6L, 9L);
    assertThat(read(3, 12, 10_000)).containsExactly(3L, 6L, 9L);
    assertThat(read(4, 12, 10_000)).containsExactly(3L, 6L, 9L);
    assertThat(read(11, 12, 10_000)).containsExactly(9L);
    assertThat(read(12, 12, 10_000)).isEmpty();
  }

  @Test
  void readingStopsBeforeTheEndAndAtTheBytesButGivesOneBatch() {
    for (int i = 0; i < 4; i++) {
      machine.append(P0, anonymous(events(1, 2, 3)));
    }
    assertThat(read(0, 6, 10_000)).containsExactly(0L, 3L);
    assertThat(read(4, 6, 10_000)).containsExactly(3L);
    assertThat(read(4, 12, 1)).containsExactly(3L);
    int bytes = (int) (machine.reader(P0).state().getStoredBytes() / 4);
    assertThat(read(0, 12, 2 * bytes + 3)).containsExactly(0L, 3L);
  }

  @Test
  void readingNeverStraysIntoAnotherPartition() {
    machine.append(P0, anonymous(events(1)));
    machine.append(P1, anonymous(events(1, 2)));
    assertThat(read(0, Long.MAX_VALUE, 10_000)).containsExactly(0L);
    assertThat(machine.reader(P1).read(1, 2, 1000)).hasSize(1);
  }

  @Test
  void theAppendTimeNeverFalls() {
    machine.append(P0, anonymous(events(1)));
    machine.timeMs -= 5000;
    assertThat(machine.append(P0, anonymous(events(1))).getAppendTimeUnixMs()).isEqualTo(1_000_000);
    assertThat(machine.append(P1, anonymous(events(1))).getAppendTimeUnixMs()).isEqualTo(995_000);
  }

  @Test
  void timesHasOneRowForEachBlockOfOffsets() {
    for (int batch = 0; batch < 100; batch++) {
      machine.append(P0, anonymous(events(0, 5, 5, 3, 9, 1)));
    }
    assertThat(StoreRows.of(machine.store, Table.TIMES)).hasSize(3);
  }

  @Test
  void aBatchThatTheLogCannotHoldIsRefused() {
    AppendBatch good = anonymous(events(1));
    for (AppendBatch bad :
        List.of(
            AppendBatch.getDefaultInstance(),
            good.toBuilder().setBatch(events(1).toBuilder().setMaxTimestampUnixMs(-1)).build(),
            good.toBuilder().setFirstSequence(-2).build(),
            good.toBuilder().setProducerId(-1).build())) {
      assertThat(machine.append(P0, bad).getError())
          .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    }
    assertThat(StoreRows.of(machine.store)).isEmpty();
  }

  @Test
  void anUnknownCommandStopsTheReplica() {
    PartitionCommand unknown = PartitionCommand.newBuilder().setPartitionId(P0.toLong()).build();
    assertThatThrownBy(() -> machine.apply(command(1, unknown)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void damageOnDiskIsNeverReadAsData() {
    machine.append(P0, anonymous(events(1)));
    StoredBatch stored = machine.reader(P0).read(0, 1, 1000).get(0);
    StoredBatch damaged =
        stored.toBuilder()
            .setBatch(stored.getBatch().toBuilder().setPayload(ByteString.copyFrom(new byte[5])))
            .build();
    for (byte[] row : List.of(damaged.toByteArray(), new byte[] {(byte) 0xff, 1, 2})) {
      WriteBatch batch = machine.store.newBatch();
      batch.put(Table.EVENTS, Keys.of(LogPlace.first(P0).number(), 0), row);
      machine.store.commit(batch);
      assertThatThrownBy(() -> machine.reader(P0).read(0, 1, 1000))
          .isInstanceOfSatisfying(
              FlotillaException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_CORRUPT_DATA));
    }
  }

  @Test
  void droppingAPartitionLeavesNothingOfItAndAllOfTheOthers() {
    machine.append(P0, sent(9, 0, 0, 2));
    List<String> before = StoreRows.of(machine.store);
    machine.append(P1, sent(9, 0, 0, 2));
    assertThat(LogReader.partitions(machine.store)).containsExactly(P0, P1);
    WriteBatch batch = machine.store.newBatch();
    LogReader.dropPartition(P1, batch);
    machine.store.commit(batch);
    assertThat(StoreRows.of(machine.store)).isEqualTo(before);
    assertThat(LogReader.partitions(machine.store)).containsExactly(P0);
  }

  @Test
  void storedBatchesOpenToTheirEvents() {
    machine.append(P0, anonymous(events(4, 2)));
    StoredBatch stored = machine.reader(P0).read(0, 2, 1000).get(0);
    assertThat(BatchCodec.decode(stored.getBatch(), BatchLimits.defaults()))
        .extracting("timestampUnixMs")
        .containsExactly(4L, 2L);
  }
}
