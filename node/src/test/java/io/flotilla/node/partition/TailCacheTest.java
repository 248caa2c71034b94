package io.flotilla.node.partition;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailCacheTest {

  private static final int EVENTS = 10;
  private static final int EVERYTHING = 1 << 20;

  private long nanos;
  private final TailCache cache = new TailCache(10_000, () -> nanos);
  private final TailCache.Tail tail = cache.of(new PartitionId(1, 0));
  private final TailCache.Tail other = cache.of(new PartitionId(1, 1));

  /** A row of about 1,000 bytes with ten events. */
  private static List<byte[]> row(long offset) {
    return List.of(
        StoredBatch.newBuilder()
            .setBaseOffset(offset)
            .setBatch(
                EventBatch.newBuilder()
                    .setEventCount(EVENTS)
                    .setPayload(ByteString.copyFrom(new byte[980])))
            .build()
            .toByteArray());
  }

  private static List<Long> read(TailCache.Tail tail, long from, long end, int maxBytes) {
    return tail.read(from, end, maxBytes).stream().map(StoredBatch::getBaseOffset).toList();
  }

  @Test
  void nothingIsKeptUntilAReaderHasBeenAtTheEnd() {
    tail.appended(row(0));
    assertThat(read(tail, 0, 10, EVERYTHING)).isEmpty();

    tail.wanted();
    tail.appended(row(10));
    tail.appended(row(20));
    assertThat(read(tail, 10, 30, EVERYTHING)).containsExactly(10L, 20L);
    assertThat(read(tail, 0, 30, EVERYTHING)).as("the store has it").isEmpty();
    assertThat(read(tail, 30, 30, EVERYTHING)).isEmpty();
  }

  @Test
  void aReadBeginsWithTheBatchThatHoldsTheOffsetAndEndsAtItsBounds() {
    tail.wanted();
    for (int i = 0; i < 5; i++) {
      tail.appended(row((long) i * EVENTS));
    }
    assertThat(read(tail, 17, 50, EVERYTHING)).containsExactly(10L, 20L, 30L, 40L);
    assertThat(read(tail, 17, 30, EVERYTHING)).containsExactly(10L, 20L);
    assertThat(read(tail, 17, 50, 2_100)).containsExactly(10L, 20L);
    assertThat(read(tail, 17, 50, 1)).containsExactly(10L);
  }

  @Test
  void theOldestBatchOfAllPartitionsGoesFirst() {
    tail.wanted();
    other.wanted();
    tail.appended(row(0));
    for (int i = 0; i < 10; i++) {
      other.appended(row((long) i * EVENTS));
    }
    assertThat(read(tail, 0, 10, EVERYTHING)).isEmpty();
    assertThat(read(other, 0, 100, EVERYTHING)).hasSize(10);
  }

  @Test
  void whatWasNotKeptMeanwhileLeavesNoGap() {
    tail.wanted();
    tail.appended(row(0));
    nanos += Duration.ofSeconds(11).toNanos();
    tail.appended(row(10));
    tail.wanted();
    tail.appended(row(20));

    assertThat(read(tail, 0, 30, EVERYTHING)).isEmpty();
    assertThat(read(tail, 10, 30, EVERYTHING)).isEmpty();
    assertThat(read(tail, 20, 30, EVERYTHING)).containsExactly(20L);
  }

  @Test
  void whatIsForgottenMakesRoomForOthers() {
    tail.wanted();
    other.wanted();
    for (int i = 0; i < 9; i++) {
      tail.appended(row((long) i * EVENTS));
    }
    tail.clear();
    assertThat(read(tail, 0, 90, EVERYTHING)).isEmpty();
    for (int i = 0; i < 9; i++) {
      other.appended(row((long) i * EVENTS));
    }
    assertThat(read(other, 0, 90, EVERYTHING)).hasSize(9);
  }

  @Test
  void nothingIsReadAcrossBatchesThatAreMissing() {
    tail.wanted();
    tail.appended(row(0));
    tail.appended(row(10));
    tail.appended(row(30));

    assertThat(read(tail, 0, 40, EVERYTHING)).containsExactly(0L, 10L);
    assertThat(read(tail, 20, 40, EVERYTHING)).isEmpty();
  }
}
