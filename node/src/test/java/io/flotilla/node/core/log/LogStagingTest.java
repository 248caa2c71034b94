package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static io.flotilla.node.core.log.Machine.P1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.RowBlock;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of another replica beside a partition's own, until they take their place. */
class LogStagingTest {

  private final Machine old = new Machine();
  private final Machine peer = new Machine();
  private final LogStaging staging = new LogStaging(old.store);

  private void append(Machine machine, PartitionId id, int batches) {
    for (int i = 0; i < batches; i++) {
      machine.append(id, Machine.anonymous(Machine.events(i)));
    }
  }

  /** All rows of a partition of the peer, as they travel. */
  private void stage(PartitionId id) {
    LogPlace place = LogPlace.of(peer.store, id);
    for (Table table : LogPlace.TABLES) {
      RowBlock block = new RowBlock();
      try (View.Cursor rows = peer.store.scan(table, place.from(), place.to())) {
        while (rows.next()) {
          block.add(rows.key(), Long.BYTES, rows.value());
        }
      }
      staging.add(table, id.toLong(), ByteString.copyFrom(block.toBytes()));
    }
  }

  private void moveIn() {
    try (WriteBatch batch = old.store.newBatch()) {
      staging.moveIn(batch);
      old.store.commit(batch);
    }
  }

  @Test
  void stagedRowsAreSeenByNobodyAndTheOldOnesStayUntilTheyTakeTheirPlace() {
    append(old, P0, 3);
    append(old, P1, 2);
    append(peer, P0, 8);
    List<String> before = StoreRows.of(old.store, Table.EVENTS);

    stage(P0);
    assertThat(old.reader(P0).state().getNextOffset()).isEqualTo(3);
    assertThat(StoreRows.of(old.store, Table.EVENTS)).containsAll(before).hasSize(3 + 2 + 8);

    moveIn();
    assertThat(old.reader(P0).state()).isEqualTo(peer.reader(P0).state());
    assertThat(old.reader(P0).digest(0, 8, 1 << 20))
        .isEqualTo(peer.reader(P0).digest(0, 8, 1 << 20));
    assertThat(old.reader(P1).state().getNextOffset()).isEqualTo(2);
    assertThat(StoreRows.of(old.store, Table.EVENTS)).hasSize(2 + 8);

    staging.clear();
    assertThat(old.reader(P0).state().getNextOffset()).isEqualTo(8);
    old.reopen();
    append(old, P0, 1);
    assertThat(old.reader(P0).state().getNextOffset()).isEqualTo(9);
  }

  @Test
  void whatWasStagedIsForgottenNowOrAtTheNextStart() {
    append(old, P0, 3);
    append(peer, P0, 8);
    List<String> before = StoreRows.of(old.store);

    stage(P0);
    staging.clear();
    assertThat(StoreRows.of(old.store)).isEqualTo(before);

    stage(P0);
    LogStaging.dropLeftovers(old.store);
    assertThat(StoreRows.of(old.store)).isEqualTo(before);
    LogStaging.dropLeftovers(old.store);
    assertThat(StoreRows.of(old.store)).isEqualTo(before);
  }

  @Test
  void aPartitionCanBeRebuiltAgainAndAgain() {
    for (int i = 1; i <= 5; i++) {
      append(peer, P0, 1);
      stage(P0);
      moveIn();
      assertThat(old.reader(P0).state().getNextOffset()).isEqualTo(i);
      assertThat(StoreRows.of(old.store, Table.EVENTS)).hasSize(i);
    }
  }

  @Test
  void rowsThatCannotBeAPartitionsAreRefused() {
    ByteString rubbish = ByteString.copyFromUtf8("rubbish");
    assertThatThrownBy(() -> staging.add(Table.EVENTS, P0.toLong(), rubbish))
        .isInstanceOf(FlotillaException.class);
    assertThatThrownBy(() -> staging.add(Table.METADATA, P0.toLong(), ByteString.EMPTY))
        .isInstanceOf(FlotillaException.class);
    assertThatThrownBy(() -> staging.add(Table.EVENTS, 0, ByteString.EMPTY))
        .isInstanceOf(FlotillaException.class);

    RowBlock block = new RowBlock();
    block.add(new byte[8], 0, new byte[] {1, 2, 3});
    ByteString notABatch = ByteString.copyFrom(block.toBytes());
    assertThatThrownBy(() -> staging.add(Table.EVENTS, P0.toLong(), notABatch))
        .isInstanceOf(FlotillaException.class);
  }
}
