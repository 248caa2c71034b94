package io.flotilla.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UnackedTest {

  private final Unacked unacked = new Unacked();

  private Batch send(int events) {
    Batch batch = new Batch(0);
    for (int i = 0; i < events; i++) {
      Event event = Event.of("v");
      batch.add(event, 1, EventEncoder.bodySize(event, 1), new CompletableFuture<>());
    }
    unacked.number(batch);
    unacked.sentFirst(batch);
    return batch;
  }

  private int nextNumber() {
    Batch batch = new Batch(0);
    unacked.number(batch);
    return batch.firstSequence;
  }

  @Test
  void whatFollowsAHoleTakesItsNumbersAndWhatPrecedesKeepsThem() {
    send(2);
    Batch refused = send(3);
    Batch later = send(4);
    unacked.removeUnwritten(refused);
    assertThat(unacked.closeHole()).isTrue();
    assertThat(unacked.head()).extracting(batch -> batch.firstSequence).isEqualTo(0);
    assertThat(later.firstSequence).isEqualTo(2);
    assertThat(nextNumber()).isEqualTo(6);
  }

  @Test
  void numbersAreNotReusedWhileAnOldCopyMayArrive() {
    Batch refused = send(1);
    Batch later = send(1);
    later.uncertain = true;
    unacked.removeUnwritten(refused);
    assertThat(unacked.closeHole()).isFalse();
    later.uncertain = false;
    unacked.removeUnknown(later);
    assertThat(unacked.closeHole()).isFalse();
    assertThat(nextNumber()).isEqualTo(2);
  }

  /** A partition without memory of the producer takes any number, also one after a hole. */
  @Test
  void whatIsWrittenSettlesEverythingBeforeIt() {
    Batch unknown = send(1);
    Batch refused = send(1);
    Batch written = send(1);
    unacked.removeUnknown(unknown);
    unacked.removeUnwritten(refused);
    unacked.removeWritten(written);
    assertThat(unacked.closeHole()).isFalse();
    assertThat(nextNumber()).isEqualTo(3);
  }

  @Test
  void aHoleAfterWhatIsWrittenStays() {
    Batch written = send(1);
    Batch refused = send(1);
    unacked.removeUnwritten(refused);
    unacked.removeWritten(written);
    assertThat(unacked.closeHole()).isTrue();
    assertThat(nextNumber()).isEqualTo(1);
  }

  @Test
  void afterTheLargestNumberComesZero() {
    Batch batch = send(3);
    batch.firstSequence = Integer.MAX_VALUE - 1;
    unacked.removeUnwritten(batch);
    assertThat(unacked.closeHole()).isTrue();
    send(2);
    assertThat(nextNumber()).isZero();
  }
}
