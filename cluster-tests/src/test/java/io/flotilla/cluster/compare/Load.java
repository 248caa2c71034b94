package io.flotilla.cluster.compare;

import java.util.List;
import java.util.Locale;

/**
 * What the peers are loaded with.
 *
 * @param name of its topic
 * @param mode publish (closed loop), lone (one event under way), end-to-end (open loop)
 * @param size bytes of a value
 * @param compression as Kafka calls it
 * @param lingerMs how long a batch waits for company
 * @param rate events a second; 0: as fast as acknowledgements come
 */
record Load(String name, Mode mode, int size, String compression, int lingerMs, int rate) {

  enum Mode {
    PUBLISH,
    LONE,
    END_TO_END;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  static final int PARTITIONS = 6;
  static final int REPLICATION = 3;

  static final Load WARM_UP = new Load("warm-up", Mode.PUBLISH, 1_000, "none", 5, 0);

  static final List<Load> ALL =
      List.of(
          new Load("publish-1000", Mode.PUBLISH, 1_000, "none", 5, 0),
          new Load("publish-1000-lz4", Mode.PUBLISH, 1_000, "lz4", 5, 0),
          new Load("publish-100", Mode.PUBLISH, 100, "none", 5, 0),
          new Load("publish-100-lz4", Mode.PUBLISH, 100, "lz4", 5, 0),
          new Load("lone-publish", Mode.LONE, 1_000, "none", 0, 0),
          new Load("end-to-end", Mode.END_TO_END, 1_000, "none", 5, 1_000));

  String title() {
    return switch (mode) {
      case PUBLISH -> size + "-byte events" + (compression.equals("none") ? "" : ", lz4");
      case LONE -> "one publish under way, to its acknowledgement";
      case END_TO_END -> rate + " events/s, from when due to delivery";
    };
  }
}
