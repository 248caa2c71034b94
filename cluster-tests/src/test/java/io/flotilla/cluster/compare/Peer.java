package io.flotilla.cluster.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A cluster of three that is measured. Confined to one thread. */
interface Peer extends AutoCloseable {

  /** As it is called in the table. */
  String name();

  /** Starts it; returns when it takes load. */
  void start();

  /** The processes of its nodes. */
  List<Long> pids();

  /**
   * Loads it and answers what was measured, in the words of {@code flotilla bench -o json}. Deletes
   * the topic then, or the disk would fill up.
   */
  JsonNode run(Load load, int warmSeconds, int seconds);

  @Override
  void close();
}
