package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static io.flotilla.node.core.log.Machine.P1;
import static io.flotilla.node.core.log.Machine.anonymous;
import static io.flotilla.node.core.log.Machine.events;
import static io.flotilla.node.core.log.Machine.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Replicas can tell in a few bytes what they hold, and what they were ever given. */
class LogDigestTest {

  private final Machine machine = new Machine();
  private final Machine twin = new Machine();

  private static ByteString chain(Machine machine) {
    return machine.reader(P0).state().getChain();
  }

  @Test
  void theChainIsTheSameForTheSameHistoryOnly() {
    assertThat(chain(machine)).isEmpty();
    machine.append(P0, sent(9, 0, 0, 3));
    twin.append(P0, sent(9, 0, 0, 3));
    twin.append(P1, anonymous(events(7)));
    assertThat(chain(machine)).isEqualTo(chain(twin)).hasSize(HashChain.BYTES);

    machine.append(P0, anonymous(events(1)));
    twin.append(P0, anonymous(events(2)));
    assertThat(chain(machine)).isNotEqualTo(chain(twin));

    machine.append(P0, anonymous(events(5)));
    twin.append(P0, anonymous(events(5)));
    assertThat(chain(machine)).as("it never forgets").isNotEqualTo(chain(twin));
  }

  @Test
  void whatAddsNoEventLeavesTheChain() {
    machine.append(P0, sent(9, 0, 0, 3));
    ByteString before = chain(machine);
    machine.append(P0, sent(9, 0, 0, 3));
    machine.append(P0, sent(9, 0, 99, 3));
    machine.reopen();
    assertThat(chain(machine)).isEqualTo(before);
  }

  @Test
  void aPieceHoldsWholeBatchesAndTellsWhereItEnds() {
    machine.append(P0, anonymous(events(1, 2, 3)));
    machine.append(P0, anonymous(events(4, 5)));
    machine.append(P0, anonymous(events(6)));
    LogReader reader = machine.reader(P0);

    LogDigest all = reader.digest(0, 6, 1 << 20);
    assertThat(all.reachedOffset()).isEqualTo(6);
    assertThat(all.batches()).isEqualTo(3);
    assertThat(all.events()).isEqualTo(6);
    assertThat(all.bytes()).isEqualTo(reader.state().getStoredBytes());
    assertThat(all.corrupt()).isEmpty();

    assertThat(reader.digest(0, 6, 0)).as("at least one batch").matches(d -> d.batches() == 1);
    assertThat(reader.digest(1, 6, 0).reachedOffset()).as("the one that holds it").isEqualTo(3);
    assertThat(reader.digest(3, 5, 1 << 20).reachedOffset()).isEqualTo(5);
    assertThat(reader.digest(6, 6, 1 << 20).batches()).isZero();
  }

  @Test
  void aChangedByteIsFoundAndThePieceEndsBeforeIt() {
    machine.append(P0, anonymous(events(1, 2)));
    machine.append(P0, anonymous(events(3, 4)));
    tamper(
        2,
        row -> {
          StoredBatch batch = LogReader.decode(P0, row);
          ByteString other = events(3, 5).getPayload();
          return batch.toBuilder()
              .setBatch(batch.getBatch().toBuilder().setPayload(other))
              .build()
              .toByteArray();
        });

    LogDigest digest = machine.reader(P0).digest(0, 4, 1 << 20);

    assertThat(digest.reachedOffset()).isEqualTo(2);
    assertThat(digest.batches()).isEqualTo(1);
    assertThat(digest.corrupt()).contains("checksum");
  }

  @Test
  void aMissingBatchIsFoundInTheMiddleAndAtTheEnd() {
    machine.append(P0, anonymous(events(1, 2)));
    machine.append(P0, anonymous(events(3, 4)));
    machine.append(P0, anonymous(events(5, 6)));
    tamper(4, row -> new byte[0]);
    assertThat(machine.reader(P0).digest(0, 6, 1 << 20).corrupt())
        .isEqualTo("no batch holds offset 4");
    tamper(2, row -> new byte[0]);
    assertThat(machine.reader(P0).digest(2, 6, 1 << 20).corrupt()).contains("offset 2");
  }

  /** Changes a stored row behind everybody's back; an empty one is removed. */
  private void tamper(long offset, UnaryOperator<byte[]> change) {
    byte[] key = Keys.of(LogPlace.first(P0).number(), offset);
    View view = machine.store;
    byte[] row = change.apply(Objects.requireNonNull(view.get(Table.EVENTS, key)));
    try (WriteBatch batch = machine.store.newBatch()) {
      if (row.length == 0) {
        batch.delete(Table.EVENTS, key);
      } else {
        batch.put(Table.EVENTS, key, row);
      }
      machine.store.commit(batch);
    }
  }
}
