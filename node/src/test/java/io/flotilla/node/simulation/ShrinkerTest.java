package io.flotilla.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Long failing schedules become short ones that fail in the same way. */
class ShrinkerTest {

  private static final int MANY = 10_000;

  private static List<Step> steps(int count) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(new Step(Step.Kind.CLOCK, i, 0, 0));
    }
    return steps;
  }

  @Test
  void exactlyTheStepsThatItTakesAreLeft() {
    Seeds.some(5)
        .forEach(
            seed -> {
              Random random = new Random(seed);
              List<Step> all = steps(300);
              TreeSet<Integer> needed = new TreeSet<>();
              for (int i = random.nextInt(6); i >= 0; i--) {
                needed.add(random.nextInt(all.size()));
              }
              List<Step> kernel = needed.stream().map(all::get).toList();
              Shrinker shrinker = new Shrinker(some -> some.containsAll(kernel), MANY);
              assertThat(shrinker.shrink(all)).as("seed " + seed).isEqualTo(kernel);
            });
  }

  @Test
  void noStepCanBeTakenFromWhatIsLeft() {
    // Any two of which one number is three times the other.
    Shrinker shrinker =
        new Shrinker(
            some ->
                some.stream().anyMatch(s -> some.stream().anyMatch(t -> t.a() == 3 * s.a() + 9)),
            MANY);
    assertThat(shrinker.shrink(steps(200))).hasSize(2);
  }

  @Test
  void triesAreBounded() {
    int[] tries = {0};
    new Shrinker(
            some -> {
              tries[0]++;
              return some.size() > 100;
            },
            20)
        .shrink(steps(200));
    assertThat(tries[0]).isEqualTo(20);
  }

  @Test
  void mutantsScheduleShrinksToAFewStepsThatFailAlike() {
    Schedule schedule = Schedule.draw(1, 800);
    Violation found =
        Objects.requireNonNull(Simulation.find(schedule, Mutants.answersBeforeCommit()));
    Schedule shorter = Shrinker.shrink(schedule, found, Mutants::answersBeforeCommit, 300);
    assertThat(shorter.steps()).hasSizeLessThan(20);
    assertThat(Simulation.find(shorter, Mutants.answersBeforeCommit()))
        .isNotNull()
        .extracting(Violation::invariant)
        .isEqualTo(found.invariant());
    assertThat(Simulation.find(shorter, new Build())).isNull();
  }

  @Test
  void scheduleIsReadAsItWasWritten() {
    Schedule schedule = Schedule.draw(3, 200);
    List<String> lines = new ArrayList<>(List.of("# a remark", ""));
    lines.addAll(schedule.toString().lines().toList());
    assertThat(Schedule.parse(lines)).isEqualTo(schedule);
  }
}
