package io.flotilla.node.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.MemoryStore;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import org.junit.jupiter.api.Test;

/** Where a partition's rows are, and that a partition can be built anew beside itself. */
class LogPlaceTest {

  private static final PartitionId P = new PartitionId(7, 3);
  private static final PartitionId NEIGHBOUR = new PartitionId(7, 4);

  @Test
  void placesOfAPartitionNeverMeetThoseOfAnother() {
    LogPlace place = LogPlace.first(P);
    for (int i = 0; i < 5_000; i++) {
      assertThat(place.partition()).isEqualTo(P);
      assertThat(place.number())
          .isGreaterThanOrEqualTo(LogPlace.first(P).number())
          .isLessThan(LogPlace.first(NEIGHBOUR).number());
      assertThat(place.next()).isNotEqualTo(place);
      place = place.next();
    }
  }

  @Test
  void aMovedPartitionIsReadWhereItIs() {
    MemoryStore store = new MemoryStore();
    assertThat(LogPlace.of(store, P)).isEqualTo(LogPlace.first(P));
    LogPlace next = LogPlace.first(P).next();
    try (WriteBatch batch = store.newBatch()) {
      next.move(batch);
      store.commit(batch);
    }
    assertThat(LogPlace.of(store, P)).isEqualTo(next);
    assertThat(LogPlace.of(store, NEIGHBOUR)).isEqualTo(LogPlace.first(NEIGHBOUR));
  }

  @Test
  void droppingAPartitionLeavesNoRowInAnyPlaceAndSparesItsNeighbours() {
    MemoryStore store = new MemoryStore();
    LogPlace moved = LogPlace.first(P).next().next();
    try (WriteBatch batch = store.newBatch()) {
      for (LogPlace place : new LogPlace[] {LogPlace.first(P), moved, LogPlace.first(NEIGHBOUR)}) {
        batch.put(Table.EVENTS, Keys.of(place.number(), 0), new byte[] {1});
      }
      moved.move(batch);
      store.commit(batch);
    }
    try (WriteBatch batch = store.newBatch()) {
      LogReader.dropPartition(P, batch);
      store.commit(batch);
    }
    assertThat(LogPlace.of(store, P)).isEqualTo(LogPlace.first(P));
    assertThat(store.get(Table.EVENTS, Keys.of(LogPlace.first(P).number(), 0))).isNull();
    assertThat(store.get(Table.EVENTS, Keys.of(moved.number(), 0))).isNull();
    assertThat(store.get(Table.EVENTS, Keys.of(LogPlace.first(NEIGHBOUR).number(), 0))).isNotNull();
  }
}
