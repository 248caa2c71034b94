package io.flotilla.node.core;

import java.util.stream.LongStream;

/**
 * Seeds of randomised tests: a few new ones each run, printed, or the one of {@code
 * -Dflotilla.seed} to run a failure again.
 */
public final class Seeds {

  private Seeds() {}

  public static LongStream some(int count) {
    String given = System.getProperty("flotilla.seed");
    LongStream seeds =
        given == null
            ? LongStream.range(0, count).map(i -> System.nanoTime() * 31 + i)
            : LongStream.of(Long.parseLong(given));
    return seeds.peek(seed -> System.err.println("-Dflotilla.seed=" + seed));
  }
}
