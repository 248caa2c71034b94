package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static io.flotilla.node.core.log.Machine.P1;
import static io.flotilla.node.core.log.Machine.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.StoreRows;
import io.flotilla.node.store.Table;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Idempotent producers. Each test also holds for a machine that was reopened in between. */
class ProducerSequenceTest {

  private final Machine machine = new Machine();

  private AppendOutcome append(AppendBatch append) {
    machine.reopen();
    return machine.append(P0, append);
  }

  private void assertAppended(long offset, AppendBatch append) {
    AppendOutcome outcome = append(append);
    assertThat(outcome.getError()).isEqualTo(ErrorReason.ERROR_REASON_UNSPECIFIED);
    assertThat(outcome.getDuplicate()).isFalse();
    assertThat(outcome.getFirstOffset()).isEqualTo(offset);
  }

  private AppendOutcome assertNothingAppended(AppendBatch append) {
    List<String> before = StoreRows.of(machine.store);
    int heard = machine.heard.size();
    AppendOutcome outcome = append(append);
    assertThat(StoreRows.of(machine.store)).isEqualTo(before);
    assertThat(machine.heard).hasSize(heard);
    return outcome;
  }

  private void assertRefused(ErrorReason reason, int expectedSequence, AppendBatch append) {
    AppendOutcome outcome = assertNothingAppended(append);
    assertThat(outcome.getError()).isEqualTo(reason);
    assertThat(outcome.getExpectedSequence()).isEqualTo(expectedSequence);
  }

  @Test
  void theNextSequenceIsAppended() {
    assertAppended(0, sent(9, 0, 0, 3));
    assertAppended(3, sent(9, 0, 3, 2));
    assertAppended(5, sent(9, 0, 5, 1));
  }

  @Test
  void aRepeatIsAnsweredWithTheFirstOffset() {
    for (int i = 0; i < 5; i++) {
      assertAppended(i * 2L, sent(9, 0, i * 2, 2));
    }
    for (int i = 0; i < 5; i++) {
      machine.timeMs += 1000;
      AppendOutcome outcome = assertNothingAppended(sent(9, 0, i * 2, 2));
      assertThat(outcome.getError()).isEqualTo(ErrorReason.ERROR_REASON_UNSPECIFIED);
      assertThat(outcome.getDuplicate()).isTrue();
      assertThat(outcome.getFirstOffset()).isEqualTo(i * 2L);
      assertThat(outcome.getAppendTimeUnixMs()).isEqualTo(1_000_000);
    }
  }

  @Test
  void aRepeatOlderThanTheFiveKeptBatchesIsSaidToBeOne() {
    for (int i = 0; i < 6; i++) {
      assertAppended(i, sent(9, 0, i, 1));
    }
    assertRefused(ErrorReason.ERROR_REASON_DUPLICATE_TOO_OLD, 6, sent(9, 0, 0, 1));
    assertThat(assertNothingAppended(sent(9, 0, 1, 1)).getDuplicate()).isTrue();
  }

  /** Called written, it would be lost: only what was forgotten can be a forgotten repeat. */
  @Test
  void anOlderSequenceIsAGapWhileNothingWasForgotten() {
    assertAppended(0, sent(9, 0, 100, 1));
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 101, sent(9, 0, 50, 1));
  }

  @Test
  void aGapIsRefused() {
    assertAppended(0, sent(9, 0, 0, 3));
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 3, sent(9, 0, 4, 1));
  }

  @Test
  void theSameFirstSequenceWithAnotherCountIsNoRepeat() {
    assertAppended(0, sent(9, 0, 0, 3));
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 3, sent(9, 0, 0, 2));
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 3, sent(9, 0, 0, 4));
  }

  @Test
  void aLowerEpochIsFenced() {
    assertAppended(0, sent(9, 2, 0, 1));
    AppendOutcome outcome = assertNothingAppended(sent(9, 1, 1, 1));
    assertThat(outcome.getError()).isEqualTo(ErrorReason.ERROR_REASON_PRODUCER_FENCED);
    assertThat(outcome.getCurrentEpoch()).isEqualTo(2);
    assertThat(assertNothingAppended(sent(9, 1, -1, 1)).getError())
        .isEqualTo(ErrorReason.ERROR_REASON_PRODUCER_FENCED);
  }

  @Test
  void aHigherEpochBeginsAtZeroAndForgetsTheLowerOnesBatches() {
    assertAppended(0, sent(9, 0, 0, 4));
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 0, sent(9, 1, 4, 1));
    assertAppended(4, sent(9, 1, 0, 4));
    assertAppended(8, sent(9, 1, 4, 1));
  }

  @Test
  void anUnknownProducerMayBeginAnywhere() {
    assertAppended(0, sent(9, 3, 4711, 1));
    assertAppended(1, sent(9, 3, 4712, 1));
  }

  @Test
  void partitionsAndProducersAreApart() {
    assertAppended(0, sent(9, 0, 0, 1));
    assertAppended(1, sent(10, 0, 0, 1));
    assertThat(machine.append(P1, sent(9, 0, 0, 1)).getFirstOffset()).isZero();
    assertAppended(2, sent(9, 0, 1, 1));
  }

  @Test
  void afterTheLargestSequenceComesZero() {
    assertAppended(0, sent(9, 0, Integer.MAX_VALUE - 1, 2));
    assertAppended(2, sent(9, 0, 0, 1));
    assertThat(assertNothingAppended(sent(9, 0, Integer.MAX_VALUE - 1, 2)).getDuplicate()).isTrue();
  }

  @Test
  void aBatchMayReachAcrossTheLargestSequence() {
    assertAppended(0, sent(9, 0, Integer.MAX_VALUE, 3));
    assertThat(assertNothingAppended(sent(9, 0, Integer.MAX_VALUE, 3)).getDuplicate()).isTrue();
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 2, sent(9, 0, 3, 1));
    for (int i = 0; i < 5; i++) {
      assertAppended(3 + i, sent(9, 0, 2 + i, 1));
    }
    assertRefused(ErrorReason.ERROR_REASON_DUPLICATE_TOO_OLD, 7, sent(9, 0, Integer.MAX_VALUE, 3));
  }

  @Test
  void withoutASequenceNothingIsADuplicate() {
    assertAppended(0, sent(9, 0, -1, 1));
    assertAppended(1, sent(9, 0, -1, 1));
    assertAppended(2, sent(0, 0, 5, 1));
    assertAppended(3, sent(0, 0, 5, 1));
    assertThat(StoreRows.of(machine.store, Table.PRODUCERS)).isEmpty();
  }

  @Test
  void afterAFailedBatchTheLaterOnesInFlightFailToo() {
    assertAppended(0, sent(9, 0, 0, 1));
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 1, sent(9, 0, 2, 1));
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 1, sent(9, 0, 3, 1));
    assertAppended(1, sent(9, 0, 1, 1));
    assertAppended(2, sent(9, 0, 2, 1));
  }

  @Test
  void commandsOfOneEntrySeeEachOther() {
    machine.apply(
        Machine.command(
            5,
            Machine.of(P0, sent(9, 0, 0, 2)),
            Machine.of(P1, sent(9, 0, 0, 1)),
            Machine.of(P0, sent(9, 0, 2, 1)),
            Machine.of(P0, sent(9, 0, 0, 2))));
    assertThat(machine.reader(P0).state().getNextOffset()).isEqualTo(3);
    assertThat(machine.heard).containsExactly("t7-0 0..3", "t7-1 0..1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProducerIdleForADayIsForgottenByLogTime(boolean aMillisecondEarly) {
    assertAppended(0, sent(9, 0, 0, 1));
    passADay();
    machine.timeMs += Producers.STEP_MS_MAX - (aMillisecondEarly ? 1 : 0);
    if (aMillisecondEarly) {
      assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 1, sent(9, 0, 50, 1));
    } else {
      assertAppended(4, sent(9, 0, 50, 1));
    }
  }

  /** All but its last step, with an append by somebody else after each. */
  private void passADay() {
    for (int i = 1; i < Producers.IDLE_MS_MAX / Producers.STEP_MS_MAX; i++) {
      machine.timeMs += Producers.STEP_MS_MAX;
      assertAppended(machine.reader(P0).state().getNextOffset(), sent(0, 0, Sequences.NONE, 1));
    }
  }

  /** Its clock is wrong by days: who retried a batch just then had it stored twice. */
  @Test
  void aLeaderWhoseClockLeapsForgetsNobody() {
    assertAppended(0, sent(9, 0, 0, 1));
    machine.timeMs += 10 * Producers.IDLE_MS_MAX;
    assertAppended(1, sent(8, 0, 0, 1));
    machine.timeMs += 10 * Producers.IDLE_MS_MAX;

    AppendOutcome repeat = assertNothingAppended(sent(9, 0, 0, 1));
    assertThat(repeat.getDuplicate()).isTrue();
    assertThat(repeat.getFirstOffset()).isZero();
  }

  @Test
  void expiredProducersLoseTheirRowsAFewAtATime() {
    for (int i = 1; i <= 40; i++) {
      assertAppended(i - 1, sent(i, 0, 0, 1));
    }
    passADay();
    machine.timeMs += Producers.STEP_MS_MAX;
    assertAppended(43, sent(100, 0, 0, 1));
    assertThat(StoreRows.of(machine.store, Table.PRODUCERS)).hasSize(41 - 16);
    assertAppended(44, sent(100, 0, 1, 1));
    assertAppended(45, sent(100, 0, 2, 1));
    assertThat(StoreRows.of(machine.store, Table.PRODUCERS)).hasSize(1);
  }

  @Test
  void beyondTheMaximumTheLongestIdleProducerGoes() {
    for (int i = 1; i <= Producers.COUNT_MAX; i++) {
      machine.append(P0, sent(i, 0, 0, 1));
    }
    machine.append(P0, sent(1, 0, 1, 1));
    machine.append(P0, sent(20_000, 0, 0, 1));
    assertThat(StoreRows.of(machine.store, Table.PRODUCERS)).hasSize(Producers.COUNT_MAX);
    assertAppended(Producers.COUNT_MAX + 2, sent(2, 0, 77, 1));
    assertRefused(ErrorReason.ERROR_REASON_SEQUENCE_GAP, 2, sent(1, 0, 77, 1));
  }
}
