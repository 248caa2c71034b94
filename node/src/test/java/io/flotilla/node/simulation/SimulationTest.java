package io.flotilla.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.node.core.Seeds;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The product keeps its promises under an ideal Raft, whatever is drawn. A seed again: {@code
 * -Dflotilla.seed=N}. Minutes of fresh seeds: {@code -Plong -Dflotilla.simulation.minutes=M}.
 */
class SimulationTest {

  /** Fresh seeds of each build; a second or two. */
  private static final int FRESH = 12;

  private static final int LONG_STEPS = 20_000;

  static Iterable<String> kept() {
    return Runs.kept();
  }

  @ParameterizedTest
  @MethodSource("kept")
  void scheduleThatOnceMatteredHolds(String name) {
    assertThat(Simulation.find(Runs.kept(name), new Build())).isNull();
  }

  @Test
  void freshSeedsHold() {
    Seeds.some(FRESH)
        .forEach(seed -> assertThat(Runs.ofSeed(seed, Runs.STEPS).commands()).isPositive());
  }

  /** A simulation in which nothing goes wrong proves nothing. */
  @Test
  void whatItIsForHappens() {
    Tally tally = new Tally();
    LongStream.rangeClosed(1, 8).forEach(seed -> tally.add(Runs.ofSeed(seed, 4_000).tally()));
    assertThat(Tally.Event.values())
        .as(tally.toString())
        .allSatisfy(event -> assertThat(tally.of(event)).as(event.name()).isPositive());
  }

  @Test
  void seedIsTheSameRunEachTime() {
    History one = Runs.ofSeed(7, 1_000);
    History other = Runs.ofSeed(7, 1_000);
    assertThat(one.tally().toString()).isEqualTo(other.tally().toString());
    assertThat(one.commands()).isEqualTo(other.commands());
  }

  @Test
  void productsOwnStoreKeepsThePromisesToo(@TempDir Path folder) {
    Seeds.some(2)
        .forEach(
            seed ->
                assertThat(
                        Simulation.run(Schedule.draw(seed, 500), new RocksBuild(folder)).commands())
                    .isPositive());
  }

  @Test
  @Tag("long")
  void minutesOfFreshSeedsHold() {
    long minutes = Long.getLong("flotilla.simulation.minutes", 1);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
    long begun = System.nanoTime();
    long commands = 0;
    int seeds = 0;
    for (long seed = begun; System.nanoTime() < end; seed++) {
      commands += Runs.ofSeed(seed, LONG_STEPS).commands();
      seeds++;
    }
    assertThat(commands).isPositive();
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.err.printf(
        "%d seeds from %d, %d commands, %.0f commands/s%n",
        seeds, begun, commands, commands / seconds);
  }
}
