package io.flotilla.cluster.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Measures Flotilla beside Kafka with and without fsync: starts each, warms it, then loads them in
 * turn, round after round, so that a noisy minute hits all of them. Who is not measured is stopped
 * (SIGSTOP), since an idle cluster takes processor time, too.
 */
public final class Compare {

  /** So much is published before anything is measured: young brokers use far more CPU. */
  private static final int WARM_GB = 4;

  private static final int WARM_CHUNK_SECONDS = 20;

  /** A thousand of Kafka's producers take half a minute to connect. */
  private static final int CROWD_WARM_SECONDS = 30;

  private static final int SMOKE_CLIENTS_MAX = 10;

  private final Path home;
  private final boolean smoke;
  private final int rounds;
  private final Set<String> only = new TreeSet<>();

  private Compare(Path home, boolean smoke, int rounds) {
    this.home = home;
    this.smoke = smoke;
    this.rounds = rounds;
  }

  /** Options: --smoke, --rounds N (3), and names of loads to measure only these. */
  public static void main(String[] args) throws IOException {
    List<String> words = new ArrayList<>(Arrays.asList(args));
    boolean smoke = words.remove("--smoke");
    int rounds = smoke ? 1 : 3;
    int at = words.indexOf("--rounds");
    if (at >= 0) {
      rounds = Integer.parseInt(words.get(at + 1));
      words.subList(at, at + 2).clear();
    }
    Compare compare = new Compare(Path.of(System.getProperty("flotilla.home")), smoke, rounds);
    compare.only.addAll(words);
    Set<String> known = new TreeSet<>();
    Load.ALL.forEach(load -> known.add(load.name()));
    if (!known.containsAll(compare.only)) {
      throw new IllegalArgumentException("loads are " + known + ", not " + compare.only);
    }
    compare.run();
  }

  private void run() throws IOException {
    Path data = Files.createTempDirectory("compare-");
    Path kafka = home.resolve("cluster-tests/target/kafka");
    List<Peer> peers =
        List.of(
            new FlotillaPeer(home, data.resolve("flotilla")),
            new KafkaPeer(true, 29_092, kafka, data.resolve("kafka-fsync")),
            new KafkaPeer(false, 29_192, kafka, data.resolve("kafka")));
    Results results = new Results(peers.stream().map(Peer::name).toList());
    try {
      for (Peer peer : peers) {
        peer.start();
        warm(peer);
        Processes.signal("-STOP", peer.pids());
      }
      for (int round = 1; round <= rounds; round++) {
        for (Load load : loads()) {
          for (Peer peer : peers) {
            measure(round, load, peer, results);
          }
        }
      }
    } finally {
      for (Peer peer : peers) {
        Processes.signal("-CONT", peer.pids());
        peer.close();
      }
      delete(data);
    }
    results.write(home.resolve("cluster-tests/target/compare"));
  }

  private List<Load> loads() {
    return Load.ALL.stream().filter(load -> only.isEmpty() || only.contains(load.name())).toList();
  }

  /** Until enough has been published. */
  private void warm(Peer peer) {
    double gb = 0;
    while (gb < (smoke ? 0.01 : WARM_GB)) {
      int seconds = smoke ? 3 : WARM_CHUNK_SECONDS;
      JsonNode run = peer.run(Load.WARM_UP, 0, seconds);
      gb += run.at("/throughput/mb_per_second").asDouble() * seconds / 1e3;
      System.out.printf("%s: warmed with %.2f GB%n", peer.name(), gb);
    }
  }

  private void measure(int round, Load load, Peer peer, Results results) {
    Processes.signal("-CONT", peer.pids());
    JsonNode run =
        smoke
            ? peer.run(load.atMost(SMOKE_CLIENTS_MAX), 3, 3)
            : peer.run(load, load.clients() > SMOKE_CLIENTS_MAX ? CROWD_WARM_SECONDS : 10, 15);
    Processes.signal("-STOP", peer.pids());
    results.add(load, peer.name(), run);
    System.out.printf("round %d: %s: %s: %s%n", round, load.name(), peer.name(), run);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(folder)) {
      paths = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
