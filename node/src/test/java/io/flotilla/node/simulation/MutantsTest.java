package io.flotilla.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.store.Table;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A build with a fault is found out, in a few seeds, and by the promise that it breaks. */
class MutantsTest {

  private static final int SEEDS_MAX = 30;
  private static final int STEPS = 3_000;

  private static void isFoundOut(Build.Maker mutant, Invariant... by) {
    assertThat(Runs.first(mutant, STEPS, SEEDS_MAX))
        .isNotNull()
        .extracting(Violation::invariant)
        .isIn((Object[]) by);
  }

  static Iterable<String> named() {
    return Mutants.named().keySet();
  }

  /** A few steps each, which the product stands (SimulationTest). */
  @ParameterizedTest
  @MethodSource("named")
  void keptScheduleFindsItsMutant(String name) {
    Build.Maker mutant = Objects.requireNonNull(Mutants.named().get(name));
    assertThat(Simulation.find(Runs.kept(name + ".txt"), mutant.make())).isNotNull();
  }

  @Test
  void storingWhatComesIsFoundOut() {
    isFoundOut(Mutants::noDuplicateCheck, Invariant.P1);
  }

  @Test
  void forgettingProducersOverARestartIsFoundOut() {
    isFoundOut(Mutants::producersAreNotKept, Invariant.O6, Invariant.P1);
  }

  @Test
  void acceptingAnOldEpochIsFoundOut() {
    isFoundOut(Mutants::oldEpochAccepted, Invariant.P3);
  }

  @Test
  void committingWithAnOldGenerationIsFoundOut() {
    isFoundOut(Mutants::noGenerationCheck, Invariant.G3);
  }

  @Test
  void applyingOtherwiseOnOneNodeIsFoundOut() {
    isFoundOut(Mutants::appliesOtherwiseOnOneNode, Invariant.O5, Invariant.O6);
  }

  @Test
  void answeringBeforeTheCommitIsFoundOut() {
    isFoundOut(Mutants::answersBeforeCommit, Invariant.W1);
  }

  @Test
  void showingWhatIsNotCommittedIsFoundOut() {
    isFoundOut(Mutants::showsUncommitted, Invariant.O4);
  }

  @Test
  void writingTheAppliedIndexApartIsFoundOut() {
    isFoundOut(Mutants::indexIsApartFromTheRows, Invariant.O6);
  }

  @Test
  void trimmingTooMuchIsFoundOut() {
    isFoundOut(Mutants::trimsTooMuch, Invariant.R1);
  }

  @Test
  void compactingTheLastEventOfAKeyIsFoundOut() {
    isFoundOut(Mutants::compactionTakesTheLast, Invariant.R1, Invariant.R3, Invariant.R4);
  }

  @ParameterizedTest
  @EnumSource(
      value = Table.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RAFT", "PLACES"})
  void rebuildingWithoutATableIsFoundOut(Table table) {
    isFoundOut(() -> Mutants.snapshotForgets(table), Invariant.O7);
  }
}
