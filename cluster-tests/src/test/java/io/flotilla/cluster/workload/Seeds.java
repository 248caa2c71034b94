package io.flotilla.cluster.workload;

/** Where the chance of a test comes from: fresh each run, printed, and repeatable. */
public final class Seeds {
  private Seeds() {}

  /** The seed given with -Dflotilla.seed=N, or a new one. Printed either way. */
  public static long next(String test) {
    long seed = Long.getLong("flotilla.seed", System.nanoTime() & Integer.MAX_VALUE);
    System.out.printf("%s: replay with -Dflotilla.seed=%d%n", test, seed);
    return seed;
  }
}
