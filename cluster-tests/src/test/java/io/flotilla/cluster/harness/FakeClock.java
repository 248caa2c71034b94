package io.flotilla.cluster.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The wall clock of one node's process, which may go wrong: libfaketime between it and the kernel.
 * Its monotonic clock stays right. Within a second of a jump the process sees it. Confined.
 */
public final class FakeClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

  private final Path file;

  private FakeClock(Path file) {
    this.file = file;
  }

  /** A right clock, whose error will be kept in a file of this folder. */
  static FakeClock in(Path folder) {
    FakeClock clock = new FakeClock(folder.resolve("clock"));
    clock.isOffBy(Duration.ZERO);
    return clock;
  }

  /** Skips the test, and says so, where there is no libfaketime. */
  public static void assumeAvailable() {
    boolean there = library().isPresent();
    if (!there) {
      System.out.println("SKIPPED: a test needs libfaketime (Debian: faketime), which is not here");
    }
    Assumptions.assumeTrue(there, "no libfaketime");
  }

  private static Optional<Path> library() {
    try (Stream<Path> architectures = Files.list(LIBRARIES)) {
      return Stream.concat(Stream.of(LIBRARIES), architectures)
          .map(folder -> folder.resolve(LIBRARY))
          .filter(Files::isRegularFile)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on it is wrong by so much, whatever it was before. */
  void isOffBy(Duration error) {
    try {
      Path next = file.resolveSibling("clock.next");
      Files.writeString(next, "%+d\n".formatted(error.toSeconds()));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the process must find in its environment. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD",
        library().orElseThrow().toString(),
        "FAKETIME_TIMESTAMP_FILE",
        file.toString(),
        "FAKETIME_CACHE_DURATION",
        "1",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        // Or timed waits, which are monotonic in Java, return at once and all threads spin.
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0");
  }
}
