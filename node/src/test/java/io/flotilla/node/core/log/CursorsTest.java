package io.flotilla.node.core.log;

import static io.flotilla.node.core.log.Machine.P0;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.StoreRows;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.ClaimCursor;
import io.flotilla.proto.state.v1.CommitCursor;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.CursorState;
import io.flotilla.proto.state.v1.DeleteCursor;
import io.flotilla.proto.state.v1.PartitionCommand;
import io.flotilla.proto.state.v1.ResetCursor;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far consumer groups are, and who may say so. */
class CursorsTest {

  private static final ErrorReason DONE = ErrorReason.ERROR_REASON_UNSPECIFIED;

  private final Machine machine = new Machine();

  @BeforeEach
  void aLogOfTenEvents() {
    machine.append(P0, Machine.sent(1, 0, 0, 10));
  }

  static CursorCommand.Builder of(long generation) {
    return CursorCommand.newBuilder().setGroup("g").setGeneration(generation);
  }

  static CursorCommand.Builder claim(long generation, long initial) {
    return of(generation).setClaim(ClaimCursor.newBuilder().setInitialOffset(initial));
  }

  static CursorCommand.Builder commit(long generation, long offset) {
    return of(generation).setCommit(CommitCursor.newBuilder().setOffset(offset));
  }

  static CursorCommand.Builder reset(long generation, long offset) {
    return of(generation).setReset(ResetCursor.newBuilder().setOffset(offset));
  }

  static CursorCommand.Builder delete(long generation, long unlessSince) {
    return of(generation)
        .setDelete(DeleteCursor.newBuilder().setUnlessCommittedSinceUnixMs(unlessSince));
  }

  static PartitionCommand on(CursorCommand.Builder command) {
    return PartitionCommand.newBuilder().setPartitionId(P0.toLong()).setCursor(command).build();
  }

  private AppendOutcome apply(CursorCommand.Builder command) {
    return machine.apply(Machine.command(machine.timeMs, on(command))).getOutcomes(0);
  }

  private void refused(CursorCommand.Builder command, ErrorReason why) {
    List<String> before = StoreRows.of(machine.store);
    assertThat(apply(command).getError()).isEqualTo(why);
    assertThat(StoreRows.of(machine.store)).as("a refusal writes nothing").isEqualTo(before);
  }

  private CursorState stored() {
    CursorState cursor = CursorRows.read(machine.store, P0, "g");
    if (cursor == null) {
      throw new AssertionError("there is no cursor");
    }
    return cursor;
  }

  @Test
  void aClaimWithoutACursorCommitsWhereItBeginsWithinTheLog() {
    assertThat(apply(claim(1, 4)).getCursor().getOffset()).isEqualTo(4);
    assertThat(stored().getGeneration()).isEqualTo(1);
    assertThat(apply(claim(2, 99)).getCursor().getOffset()).as("it has one now").isEqualTo(4);
    assertThat(apply(claim(1, 0).setGroup("other")).getCursor().getOffset()).isZero();
    assertThat(apply(claim(1, 99).setGroup("late")).getCursor().getOffset()).isEqualTo(10);
  }

  @Test
  void aCursorThatRetentionHasPassedMovesToLogStartAndSaysFromWhere() {
    apply(claim(1, 2));
    machine.trim(P0, 5);
    AppendOutcome outcome = apply(claim(2, 0));
    assertThat(outcome.getCursor().getOffset()).isEqualTo(5);
    assertThat(outcome.getResetFromOffset()).isEqualTo(2);
    assertThat(apply(claim(3, 0)).hasResetFromOffset()).isFalse();
  }

  @Test
  void whoHasALowerGenerationIsFenced() {
    apply(claim(5, 0));
    refused(claim(4, 0), ErrorReason.ERROR_REASON_MEMBER_FENCED);
    refused(commit(4, 3), ErrorReason.ERROR_REASON_MEMBER_FENCED);
    refused(reset(4, 3), ErrorReason.ERROR_REASON_MEMBER_FENCED);
    refused(delete(4, 0), ErrorReason.ERROR_REASON_MEMBER_FENCED);
    assertThat(apply(commit(5, 3)).getCursor().getOffset()).isEqualTo(3);
    assertThat(apply(commit(6, 4)).getCursor().getGeneration()).isEqualTo(6);
    refused(commit(5, 5), ErrorReason.ERROR_REASON_MEMBER_FENCED);
  }

  @Test
  void aCursorNeverFallsAndNeverPassesTheEnd() {
    apply(claim(1, 0));
    apply(commit(1, 7));
    assertThat(apply(commit(1, 3)).getCursor().getOffset()).isEqualTo(7);
    refused(commit(1, 11), ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    refused(commit(1, -1), ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    assertThat(apply(commit(1, 10)).getError()).isEqualTo(DONE);
  }

  @Test
  void aMembersCommitNeedsAClaimOneWithoutMembershipDoesNot() {
    CursorCommand.Builder members =
        of(1).setCommit(CommitCursor.newBuilder().setOffset(3).setClaimed(true));
    refused(members, ErrorReason.ERROR_REASON_MEMBER_FENCED);
    assertThat(apply(commit(1, 3)).getError()).isEqualTo(DONE);
    assertThat(apply(members).getError()).isEqualTo(DONE);
  }

  @Test
  void aCursorFromBeforeTheGroupWasBornCountsAsNone() {
    apply(claim(3, 0));
    apply(commit(3, 8));
    AppendOutcome outcome = apply(claim(9, 2).setBornGeneration(7));
    assertThat(outcome.getCursor().getOffset()).isEqualTo(2);
    assertThat(outcome.hasResetFromOffset()).isFalse();
  }

  @Test
  void anOperatorMovesItForwardOrBackWithinTheLog() {
    apply(commit(1, 8));
    CursorState moved = apply(reset(2, 1)).getCursor();
    assertThat(moved.getOffset()).isEqualTo(1);
    assertThat(moved.getResetFromOffset()).isEqualTo(8);
    assertThat(moved.getResetUnixMs()).isEqualTo(machine.timeMs);
    refused(reset(2, 11), ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    machine.trim(P0, 4);
    refused(reset(2, 3), ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
    assertThat(stored()).isEqualTo(moved);
  }

  @Test
  void itIsForgottenUnlessItWasUsedSince() {
    apply(commit(3, 8));
    apply(delete(3, machine.timeMs));
    assertThat(stored().getOffset()).as("used at that moment").isEqualTo(8);
    apply(delete(3, machine.timeMs + 1));
    assertThat(StoreRows.of(machine.store, Table.CURSORS)).isEmpty();
    assertThat(apply(delete(3, 0)).getError()).as("again").isEqualTo(DONE);
  }

  @Test
  void marksTenSecondsApartTellTheRates() {
    apply(commit(1, 1));
    machine.timeMs += Cursors.MARK_MS - 1;
    apply(commit(1, 2));
    assertThat(stored().getMark().getOffset()).isEqualTo(1);
    assertThat(stored().hasOlderMark()).isFalse();
    machine.timeMs += 1;
    apply(commit(1, 3));
    assertThat(stored().getMark().getOffset()).isEqualTo(3);
    assertThat(stored().getMark().getEndOffset()).isEqualTo(10);
    assertThat(stored().getOlderMark().getOffset()).isEqualTo(1);
  }

  @Test
  void badNamesAndNegativeGenerationsAreRefused() {
    refused(commit(1, 1).setGroup(""), ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    refused(commit(-1, 1), ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    refused(commit(1, 1).setGroup("g".repeat(201)), ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
  }

  @Test
  void cursorsOfTwoGroupsAndTwoPartitionsAreApartAndSurviveReopening() {
    apply(commit(1, 1));
    apply(commit(1, 2).setGroup("h"));
    machine.reopen();
    refused(commit(0, 9), ErrorReason.ERROR_REASON_MEMBER_FENCED);
    assertThat(CursorRows.all(machine.store, P0))
        .hasEntrySatisfying("g", cursor -> assertThat(cursor.getOffset()).isEqualTo(1))
        .hasEntrySatisfying("h", cursor -> assertThat(cursor.getOffset()).isEqualTo(2));
    assertThat(CursorRows.all(machine.store, Machine.P1)).isEmpty();
  }

  @Test
  void atMostTenThousandGroupsReadAPartitionUntilOneIsGone() {
    for (int i = 0; i < Cursors.COUNT_MAX; i++) {
      assertThat(apply(claim(1, 0).setGroup("g" + i)).getError()).isEqualTo(DONE);
    }
    refused(claim(1, 0).setGroup("more"), ErrorReason.ERROR_REASON_GROUP_LIMIT);
    refused(commit(1, 3).setGroup("more"), ErrorReason.ERROR_REASON_GROUP_LIMIT);
    assertThat(apply(claim(2, 0).setGroup("g7")).getError()).as("it has one").isEqualTo(DONE);
    assertThat(apply(delete(2, 0).setGroup("g7")).getError()).isEqualTo(DONE);
    assertThat(apply(claim(1, 0).setGroup("more")).getError()).isEqualTo(DONE);
  }

  @Test
  void cursorsGoWithTheirPartitionAlsoOfALogThatNeverHadAnEvent() {
    PartitionId empty = PartitionId.of(P0.toLong() + 1);
    machine.apply(
        Machine.command(
            machine.timeMs, on(claim(1, 0)).toBuilder().setPartitionId(empty.toLong()).build()));
    apply(claim(1, 0));
    assertThat(LogReader.partitions(machine.store)).containsExactlyInAnyOrder(P0, empty);
    try (WriteBatch batch = machine.store.newBatch()) {
      LogReader.partitions(machine.store).forEach(id -> LogReader.dropPartition(id, batch));
      machine.store.commit(batch);
    }
    assertThat(StoreRows.of(machine.store)).isEmpty();
  }
}
