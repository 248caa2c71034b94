package io.flotilla.node.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing schedule short: leaves out pieces, large ones first, as long as it fails. After
 * Zeller's delta debugging; what is left fails no more when any one step is taken out, unless the
 * tries were used up. Confined to one thread.
 */
final class Shrinker {

  private final Predicate<List<Step>> fails;
  private int triesLeft;

  /**
   * @param fails whether some steps fail as the whole does
   * @param triesMax how often to ask that
   */
  Shrinker(Predicate<List<Step>> fails, int triesMax) {
    this.fails = fails;
    this.triesLeft = triesMax;
  }

  /** The steps, or fewer of them in the same order that fail, too. */
  List<Step> shrink(List<Step> failing) {
    List<Step> kept = failing;
    int piece = Math.max(1, kept.size() / 2);
    boolean again = true;
    while (again && triesLeft > 0) {
      int before = kept.size();
      kept = pass(kept, piece);
      // The last passes go on until one takes nothing out.
      again = piece > 1 || kept.size() < before;
      piece = Math.max(1, piece / 2);
    }
    return kept;
  }

  private List<Step> pass(List<Step> steps, int piece) {
    List<Step> kept = steps;
    int at = 0;
    while (at < kept.size() && triesLeft > 0) {
      triesLeft--;
      List<Step> fewer = new ArrayList<>(kept.subList(0, at));
      fewer.addAll(kept.subList(Math.min(kept.size(), at + piece), kept.size()));
      if (fails.test(fewer)) {
        kept = fewer;
      } else {
        at += piece;
      }
    }
    return kept;
  }

  /** A schedule that violates an invariant, made short; it still violates the same one. */
  static Schedule shrink(Schedule failing, Violation violation, Build.Maker build, int triesMax) {
    List<Step> steps = failing.steps();
    if (violation.step() < steps.size()) {
      steps = steps.subList(0, violation.step() + 1);
    }
    Predicate<List<Step>> same =
        fewer -> {
          Violation found = Simulation.find(failing.with(fewer), build.make());
          return found != null && found.invariant() == violation.invariant();
        };
    return failing.with(new Shrinker(same, triesMax).shrink(steps));
  }
}
