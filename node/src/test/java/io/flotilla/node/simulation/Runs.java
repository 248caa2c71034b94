package io.flotilla.node.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs schedules for tests, and says of a failing one how to see it again. Stateless. */
final class Runs {

  /** Steps of a seed's schedule; a failure of longer ones is replayed with as many. */
  static final int STEPS = Integer.getInteger("flotilla.simulation.steps", 3_000);

  /** Runs that shrinking may take. */
  private static final int SHRINK_TRIES = 600;

  private static final String FOLDER = "/simulation";

  private Runs() {}

  /** Fails with a short schedule when the product violates an invariant in a seed's one. */
  static History ofSeed(long seed, int steps) {
    Schedule schedule = Schedule.draw(seed, steps);
    try {
      return Simulation.run(schedule, new Build());
    } catch (Violation e) {
      Schedule shorter = Shrinker.shrink(schedule, e, Build::new, SHRINK_TRIES);
      throw new AssertionError(
          """
          %s
          at step %d; replay with -Dflotilla.seed=%d -Dflotilla.simulation.steps=%d
          This fails, too; once it is mended keep it as a file in src/test/resources%s:
          %s\
          """
              .formatted(e.getMessage(), e.step(), seed, steps, FOLDER, shorter),
          e);
    }
  }

  /** The first violation that a build shows, by seeds from 1 on; null when it shows none. */
  static @Nullable Violation first(Build.Maker build, int steps, int seeds) {
    Violation found = null;
    for (long seed = 1; seed <= seeds && found == null; seed++) {
      found = Simulation.find(Schedule.draw(seed, steps), build.make());
    }
    return found;
  }

  /** The schedules that are kept, by file name. */
  static List<String> kept() {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Schedule kept(String name) {
    try {
      return Schedule.parse(Files.readAllLines(folder().resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      var url = Runs.class.getResource(FOLDER);
      if (url == null) {
        throw new IllegalStateException("no schedules are kept in " + FOLDER);
      }
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
