package io.flotilla.cli.bench;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.NodeDescription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Processes on this machine and what they take, from Linux's /proc (proc(5)). Elsewhere, and for
 * nodes on other machines, there is nothing to tell. Immutable.
 */
final class Processes {

  private static final Path PROC = Path.of("/proc");
  private static final String LISTENING = "0A";
  private static final double TICKS_A_SECOND = 100; // USER_HZ, the same on all Linux platforms.

  private final List<Long> pids;

  private Processes(List<Long> pids) {
    this.pids = pids;
  }

  static Processes of(List<Long> pids) {
    return new Processes(pids);
  }

  static @Nullable Processes self() {
    return Files.isDirectory(PROC.resolve("self"))
        ? of(List.of(ProcessHandle.current().pid()))
        : null;
  }

  /** The cluster's nodes, when all of them run here and may be looked at; else null. */
  static @Nullable Processes nodes(FlotillaClient client) {
    List<Long> pids = new ArrayList<>();
    try {
      for (NodeDescription node : client.admin().describeCluster(false).nodes()) {
        Optional<Long> pid = isHere(node.host()) ? listener(node.port()) : Optional.empty();
        if (pid.isEmpty()) {
          return null;
        }
        pids.add(pid.get());
      }
      return of(pids);
    } catch (IOException e) {
      return null; // Not Linux, or not allowed.
    }
  }

  private static boolean isHere(String host) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }

  private static Optional<Long> listener(int port) throws IOException {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(PROC.resolve(table))) {
        String[] fields = line.trim().split("\\s+", -1);
        if (fields.length > 9
            && fields[3].equals(LISTENING)
            && fields[1].endsWith(String.format(":%04X", port))) {
          sockets.add("socket:[" + fields[9] + "]");
        }
      }
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : all) {
        if (holds(process, sockets)) {
          return Optional.of(Long.valueOf(process.getFileName().toString()));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.anyMatch(file -> sockets.contains(target(file)));
    } catch (IOException | UncheckedIOException e) {
      return false; // Somebody else's, or gone.
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // Closed meanwhile.
    }
  }

  /** CPU-seconds of all of them so far, user and system. */
  double cpuSeconds() {
    double seconds = 0;
    for (long pid : pids) {
      String stat = read(pid, "stat");
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      seconds += (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_A_SECOND;
    }
    return seconds;
  }

  /**
   * What they took.
   *
   * @param before what {@link #cpuSeconds} was at the beginning
   * @param bytes that were moved meanwhile; 0: none
   */
  Cost cost(double before, double seconds, long bytes) {
    double cpu = cpuSeconds() - before;
    return new Cost(
        pids.size(),
        cpu,
        bytes == 0 ? 0 : cpu / (bytes / 1e9),
        cpu / seconds,
        pids.stream().mapToLong(pid -> status(pid, "VmRSS") >> 10).max().orElse(0),
        pids.stream().mapToLong(pid -> status(pid, "Threads")).max().orElse(0));
  }

  private static long status(long pid, String name) {
    return read(pid, "status")
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(PROC.resolve(pid + "/" + file));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " has ended meanwhile", e);
    }
  }
}
