package io.flotilla.node.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run is like: each seed draws its own, so that one leaves out what hides a fault from the
 * others. Immutable.
 *
 * @param nodes replicas of every group, 3 to 5
 * @param purgeEvery entries between two purges of a log: 50, 100 or 1,000
 * @param entryCommands commands in an entry at most
 * @param burst entries that a replica applies at once, at most
 */
record Swarm(int nodes, int purgeEvery, int entryCommands, int burst) {

  private static final int[] PURGES = {50, 100, 1_000};
  private static final int[] ENTRIES = {1, 4, 16};

  static Swarm draw(SplittableRandom random) {
    return new Swarm(
        3 + random.nextInt(3),
        PURGES[random.nextInt(PURGES.length)],
        ENTRIES[random.nextInt(ENTRIES.length)],
        1 + random.nextInt(40));
  }

  /** Of which kind the next step is: cumulated weights → kind. */
  static TreeMap<Integer, Step.Kind> mix(SplittableRandom random) {
    TreeMap<Integer, Step.Kind> mix = new TreeMap<>();
    int sum = 0;
    for (Step.Kind kind : Step.Kind.values()) {
      boolean out = kind.optional() && random.nextInt(10) < 3;
      if (!out) {
        int weight = kind.weight() * 4;
        sum += kind.optional() ? Math.max(1, weight >> random.nextInt(4)) : weight;
        mix.put(sum, kind);
      }
    }
    return mix;
  }

  @Override
  public String toString() {
    return List.of(nodes, purgeEvery, entryCommands, burst).stream()
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  static Swarm parse(String line) {
    int[] numbers = Arrays.stream(line.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
    return new Swarm(numbers[0], numbers[1], numbers[2], numbers[3]);
  }
}
