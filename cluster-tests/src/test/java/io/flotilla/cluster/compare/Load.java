package io.flotilla.cluster.compare;

import java.util.List;
import java.util.Locale;

/**
 * What the peers are loaded with.
 *
 * @param name of its topic
 * @param mode publish (closed loop), lone (one event of each producer under way), end-to-end (open
 *     loop), read (what was published before, from the beginning)
 * @param size bytes of a value
 * @param compression as Kafka calls it
 * @param lingerMs how long a batch waits for company
 * @param rate events a second; 0: as fast as acknowledgements come
 * @param clients producers, or readers each of which reads everything
 */
record Load(
    String name, Mode mode, int size, String compression, int lingerMs, int rate, int clients) {

  enum Mode {
    PUBLISH,
    LONE,
    END_TO_END,
    READ;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final String CROWD = "crowd";

  static final int PARTITIONS = 6;
  static final int REPLICATION = 3;

  static final Load WARM_UP = new Load("warm-up", Mode.PUBLISH, 1_000, "none", 5, 0, 1);

  static final List<Load> ALL =
      List.of(
          new Load("publish-1000", Mode.PUBLISH, 1_000, "none", 5, 0, 1),
          new Load("publish-1000-lz4", Mode.PUBLISH, 1_000, "lz4", 5, 0, 1),
          new Load("publish-100", Mode.PUBLISH, 100, "none", 5, 0, 1),
          new Load("publish-100-lz4", Mode.PUBLISH, 100, "lz4", 5, 0, 1),
          new Load("lone-publish", Mode.LONE, 1_000, "none", 0, 0, 1),
          new Load(CROWD, Mode.LONE, 1_000, "none", 0, 0, 1_000),
          new Load("end-to-end", Mode.END_TO_END, 1_000, "none", 5, 1_000, 1),
          new Load("read-1", Mode.READ, 1_000, "none", 5, 20_000, 1),
          new Load("read-3", Mode.READ, 1_000, "none", 5, 20_000, 3));

  String title() {
    return switch (mode) {
      case PUBLISH -> size + "-byte events" + (compression.equals("none") ? "" : ", lz4");
      case LONE ->
          clients == 1
              ? "one publish under way, to its acknowledgement"
              : clients + " producers, one publish under way each";
      case END_TO_END -> rate + " events/s, from when due to delivery";
      case READ -> "read back, " + (clients == 1 ? "one reader" : clients + " readers");
    };
  }

  /** The same with at most so many clients. */
  Load atMost(int most) {
    return new Load(name, mode, size, compression, lingerMs, rate, Math.min(clients, most));
  }

  /** Whether it is about how much, not about how late. */
  boolean isAboutThroughput() {
    return mode == Mode.PUBLISH || mode == Mode.READ || name.equals(CROWD);
  }
}
