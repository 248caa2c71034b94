package io.flotilla.cluster.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What processes cost, from /proc. Stateless. */
final class ProcessCost {

  private static final double TICKS_A_SECOND = 100;

  private ProcessCost() {}

  /** CPU-seconds of all of them so far, user and system. */
  static double cpuSeconds(List<Long> pids) {
    double seconds = 0;
    for (long pid : pids) {
      String stat = read(Path.of("/proc/" + pid + "/stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      long ticks = Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
      seconds += ticks / TICKS_A_SECOND;
    }
    return seconds;
  }

  /** The largest resident set of them, in MiB. */
  static long residentMiB(List<Long> pids) {
    return pids.stream().mapToLong(pid -> field(pid, "VmRSS") >> 10).max().orElse(0);
  }

  /** The most threads that one of them has. */
  static long threads(List<Long> pids) {
    return pids.stream().mapToLong(pid -> field(pid, "Threads")).max().orElse(0);
  }

  private static long field(long pid, String name) {
    return read(Path.of("/proc/" + pid + "/status"))
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
