package io.flotilla.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Event;
import io.flotilla.client.Position;
import io.flotilla.client.ReceivedEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The demo's judge must not be kind. */
final class LedgerTest {

  private final Ledger ledger = new Ledger();

  @Test
  void allAcknowledgedAndReceivedOnceIsASuccess() {
    acknowledge(0, 1, 10);
    receive(0, 1, 10);
    assertThat(ledger.judgement().success()).isTrue();
    assertThat(ledger.judgement().text())
        .last()
        .isEqualTo(
            "demo: published=1 acknowledged=1 received=1 lost=0 duplicated=0 longest-pause-ms=0");
  }

  @Test
  void nothingAcknowledgedIsNoSuccess() {
    ledger.published();
    assertThat(ledger.judgement().success()).isFalse();
  }

  @Test
  void acknowledgedAndNotReceivedIsLost() {
    acknowledge(0, 1, 10);
    assertThat(ledger.judgement().lost()).isEqualTo(1);
  }

  @Test
  void receivedAtAnotherPlaceThanPromisedIsLost() {
    acknowledge(0, 1, 10);
    receive(0, 1, 11);
    assertThat(ledger.judgement().lost()).isEqualTo(1);
  }

  @Test
  void receivedTwiceIsDuplicatedAtTheSameOffsetOrAnother() {
    acknowledge(0, 1, 10);
    receive(0, 1, 10);
    receive(0, 1, 10);
    receive(0, 1, 12);
    assertThat(ledger.judgement().duplicated()).isEqualTo(2);
    assertThat(ledger.judgement().success()).isFalse();
  }

  @Test
  void receivedWithoutAcknowledgementIsNoFault() {
    acknowledge(0, 1, 10);
    receive(0, 1, 10);
    ledger.published();
    receive(1, 1, 11);
    assertThat(ledger.judgement().success()).isTrue();
  }

  @Test
  void theLongestPauseIsThatOfOnePartition() {
    ledger.acknowledged(0, new Position("t", 0, 0, false), 0);
    ledger.acknowledged(1, new Position("t", 1, 0, false), 500_000_000L);
    ledger.acknowledged(2, new Position("t", 0, 1, false), 900_000_000L);
    assertThat(ledger.judgement().longestPauseMs()).isEqualTo(900);
  }

  @Test
  void theStoryBeginsWithEmmaAndBruno() {
    Event first = Story.event(0);
    assertThat(first)
        .isEqualTo(Event.of("1", "Bruno started following you.").withHeader("number", "0"));
    assertThat(Story.event(17)).isEqualTo(Story.event(17));
    assertThat(Story.number(received(first, 0, 0))).isZero();
  }

  private void acknowledge(long number, int partition, long offset) {
    ledger.published();
    ledger.acknowledged(number, new Position("t", partition, offset, false), 0);
  }

  private void receive(long number, int partition, long offset) {
    ledger.received(number, received(Story.event(number), partition, offset));
  }

  @SuppressWarnings("NullAway") // does not see @Nullable on arrays of a compact constructor
  private static ReceivedEvent received(Event event, int partition, long offset) {
    return new ReceivedEvent(
        "t",
        partition,
        offset,
        Instant.EPOCH,
        Instant.EPOCH,
        event.key(),
        event.value(),
        event.headers());
  }
}
