package io.flotilla.node.simulation;

/** An invariant did not hold. */
final class Violation extends RuntimeException {

  private final Invariant invariant;
  private int step = Integer.MAX_VALUE;

  Violation(Invariant invariant, String what) {
    super(invariant + " (" + invariant.says() + "): " + what);
    this.invariant = invariant;
  }

  Violation(Invariant invariant, Throwable cause) {
    super(invariant + " (" + invariant.says() + "): " + cause, cause);
    this.invariant = invariant;
  }

  /** At which step; beyond the schedule when it was found afterwards. */
  int step() {
    return step;
  }

  void at(int number) {
    step = number;
  }

  Invariant invariant() {
    return invariant;
  }
}
