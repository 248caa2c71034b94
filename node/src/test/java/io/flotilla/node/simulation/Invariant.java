package io.flotilla.node.simulation;

import org.jspecify.annotations.Nullable;

/** What must hold, whatever happens. A violation names one of these. */
enum Invariant {
  W1("an acknowledged event is at its offset with its bytes, on every replica"),
  W2("an event whose publishing definitely failed is nowhere"),
  W3("what is in the log or was read was sent, bytes intact"),
  W5("what is sent after an acknowledgement gets a higher offset"),
  W6("a batch is whole and its offsets follow the log's end"),
  O1("an offset has one value, now and for ever"),
  O2("a producer's sequences rise with offsets"),
  O3("a reader sees no gap but what retention and compaction explain"),
  O4("nothing above the committed index is ever shown"),
  O5("end, start and the log's time never fall"),
  O6("replicas that applied the same entries hold the same rows and gave the same answers"),
  O7("a replay from the beginning, or behind a snapshot, leads to the same rows"),
  P1("a producer's batch is stored once, and its repeat is answered with the first one's offset"),
  P2("a gap in a producer's sequence is refused, and nothing valid is"),
  P3("an old epoch is refused once a newer one has appended"),
  P4("idle producers are forgotten after their time, not before"),
  G1("a partition of a group has one owner, and every partition is somebody's"),
  G2("generations rise, and each next owner's is higher than the one before"),
  G3("a cursor takes no word from a lower generation than it has heard, or from one not given out"),
  G4("a cursor falls only when it is reset or forgotten"),
  G5("a cursor is between 0 and the end of the log"),
  G6("a cursor that was acknowledged is read back"),
  G7("no event is passed over by a group's members"),
  G8("a cursor is forgotten only when it has not been used"),
  R1("log start moves by trims only, forward and not beyond the end"),
  R3("compaction keeps the last event of every key"),
  R4("a deleted key does not come back, and its tombstone lives its time"),
  R5("reading below log start tells so, and never other data"),
  M1("an acknowledged change of topics is there on every node"),
  M2("a name that is created again is another topic, without anything of the old one"),
  M3("partitions of a topic do not become fewer"),
  M4("a node's metadata do not go back, and numbers are given out once"),
  LIVE("once all is well, whoever waits is answered and whoever lags catches up"),
  ALIVE("no machine throws");

  private final String says;

  Invariant(String says) {
    this.says = says;
  }

  /** The promise in words. */
  String says() {
    return says;
  }

  /** Fails with this invariant unless it holds. */
  @SuppressWarnings("AnnotateFormatMethod") // The annotation is a library that nothing else needs.
  void holds(boolean held, String format, @Nullable Object... values) {
    if (!held) {
      throw new Violation(this, String.format(format, values));
    }
  }
}
