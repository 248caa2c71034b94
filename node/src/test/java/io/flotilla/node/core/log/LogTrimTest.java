package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static io.flotilla.node.core.log.Machine.P1;
import static io.flotilla.node.core.log.Machine.anonymous;
import static io.flotilla.node.core.log.Machine.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.core.StoreRows;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.store.Table;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Log start moves forward, what lies below it goes, and the numbers stay right. */
class LogTrimTest {

  private static final int KIB_256 = 256 << 10;

  private final Machine machine = new Machine();

  private LogReader reader() {
    return machine.reader(P0);
  }

  private long storedInRows() {
    return reader().state().getNextOffset() == reader().state().getLogStartOffset()
        ? 0
        : reader()
            .digest(reader().state().getLogStartOffset(), Long.MAX_VALUE >> 1, 1L << 40)
            .bytes();
  }

  /** A batch of one event of about 256 KiB. */
  static AppendBatch large(long timestampMs) {
    Event event =
        Event.newBuilder()
            .setTimestampUnixMs(timestampMs)
            .setValue(ByteString.copyFrom(new byte[KIB_256]))
            .build();
    return anonymous(BatchCodec.encode(List.of(event), Compression.COMPRESSION_NONE));
  }

  @Test
  void logStartMovesForwardOnlyAndNeverBeyondTheEnd() {
    machine.append(P0, anonymous(events(1, 2, 3)));
    assertThat(machine.trim(P0, 2).getLogStartOffset()).isEqualTo(2);
    assertThat(machine.trim(P0, 1).getLogStartOffset()).isEqualTo(2);
    for (long bad : new long[] {-1, 4}) {
      assertThat(machine.trim(P0, bad).getError())
          .isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    }
    assertThat(machine.trim(P0, 3).getLogStartOffset()).isEqualTo(3);
    assertThat(machine.trim(P1, 0).getLogStartOffset()).isZero();
    assertThat(machine.trim(P1, 1).getError())
        .isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
  }

  @Test
  void theBatchThatHoldsLogStartStaysAndEarlierOnesGo() {
    for (int i = 0; i < 3; i++) {
      machine.append(P0, anonymous(events(1, 2, 3)));
    }
    machine.append(P1, anonymous(events(1)));
    machine.trim(P0, 4);
    assertThat(reader().read(4, 9, 1 << 20))
        .extracting(StoredBatch::getBaseOffset)
        .containsExactly(3L, 6L);
    assertThat(StoreRows.of(machine.store, Table.EVENTS)).hasSize(3);
    assertThat(reader().state().getStoredBytes()).isEqualTo(storedInRows());
  }

  @Test
  void aReaderOfWhatWasTrimmedIsToldTheRange() {
    machine.append(P0, anonymous(events(1, 2)));
    machine.append(P0, anonymous(events(3)));
    machine.trim(P0, 2);
    assertThatThrownBy(() -> reader().read(1, 3, 1000))
        .isInstanceOfSatisfying(
            FlotillaException.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
              assertThat(refusal.metadata()).isEqualTo(Map.of("log_start", "2", "end", "3"));
            });
    assertThatThrownBy(() -> reader().digest(0, 3, 1000)).isInstanceOf(FlotillaException.class);
  }

  @Test
  void readersHearOfTheNewLogStart() {
    machine.append(P0, anonymous(events(1, 2)));
    machine.trim(P0, 2);
    machine.trim(P0, 1);
    assertThat(machine.heard).containsExactly(P0 + " 0..2", P0 + " 2..2");
  }

  @Test
  void storedBytesAreExactWhereverTheCutIs() {
    for (int i = 0; i < 30; i++) {
      machine.append(P0, large(i));
    }
    for (long upTo : new long[] {1, 4, 5, 11, 12, 29}) {
      machine.trim(P0, upTo);
      assertThat(reader().state().getStoredBytes()).as("up to " + upTo).isEqualTo(storedInRows());
    }
    machine.trim(P0, 30);
    assertThat(reader().state().getStoredBytes()).isZero();
  }

  @Test
  void nothingButTheEndIsLeftOfALogThatWasTrimmedAway() {
    for (int i = 0; i < 600; i++) {
      machine.append(P0, anonymous(events(i)));
    }
    machine.trim(P0, 600);
    assertThat(StoreRows.of(machine.store, Table.EVENTS)).isEmpty();
    assertThat(StoreRows.of(machine.store, Table.MARKS)).isEmpty();
    assertThat(StoreRows.of(machine.store, Table.TIMES)).hasSize(1);
    assertThat(machine.append(P0, anonymous(events(7))).getFirstOffset()).isEqualTo(600);
    assertThat(StoreRows.of(machine.store, Table.MARKS)).hasSize(1);
  }

  @Test
  void theHashChainGoesOnOverATrim() {
    Machine untrimmed = new Machine();
    for (Machine each : List.of(machine, untrimmed)) {
      each.append(P0, anonymous(events(1, 2)));
    }
    machine.trim(P0, 1);
    machine.append(P0, anonymous(events(3)));
    untrimmed.append(P0, anonymous(events(3)));
    assertThat(reader().state().getChain()).isEqualTo(untrimmed.reader(P0).state().getChain());
    assertThat(reader().digest(1, 3, 1000).corrupt()).isEmpty();
  }
}
