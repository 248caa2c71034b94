package io.flotilla.node.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All that happens in a run, drawn before it begins; the run itself knows no chance. As text: the
 * swarm's numbers in the first line, then a step a line; a line that begins with # is a remark.
 */
record Schedule(Swarm swarm, List<Step> steps) {

  Schedule {
    steps = List.copyOf(steps);
  }

  static Schedule draw(long seed, int steps) {
    SplittableRandom random = new SplittableRandom(seed);
    Swarm swarm = Swarm.draw(random);
    TreeMap<Integer, Step.Kind> mix = Swarm.mix(random);
    List<Step> drawn = new ArrayList<>(steps);
    for (int i = 0; i < steps; i++) {
      Step.Kind kind = mix.higherEntry(random.nextInt(mix.lastKey())).getValue();
      drawn.add(
          new Step(
              kind,
              random.nextInt(Step.BOUND),
              random.nextInt(Step.BOUND),
              random.nextInt(Step.BOUND)));
    }
    return new Schedule(swarm, drawn);
  }

  Schedule with(List<Step> others) {
    return new Schedule(swarm, others);
  }

  @Override
  public String toString() {
    return swarm + "\n" + steps.stream().map(Step::toString).collect(Collectors.joining("\n"));
  }

  static Schedule parse(List<String> lines) {
    List<String> said =
        lines.stream().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    return new Schedule(Swarm.parse(said.get(0)), said.stream().skip(1).map(Step::parse).toList());
  }
}
