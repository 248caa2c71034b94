package io.flotilla.node.model;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The Raft groups that coordinate consumer groups: a fixed few, each made when a consumer group
 * first needs it. A consumer group's name says which one is its own. Stateless.
 */
public final class Coordinators {

  /** The number of the first one; below 1,000 as all of the cluster's own. */
  public static final long FIRST = 100;

  /** How many there are. For ever: the number decides where a consumer group is. */
  public static final int COUNT = 8;

  private Coordinators() {}

  /** Whether a Raft group is one of them. */
  public static boolean isCoordinator(long group) {
    return group >= FIRST && group < FIRST + COUNT;
  }

  /** The one that coordinates a consumer group. */
  public static long of(String consumerGroup) {
    CRC32C crc = new CRC32C();
    crc.update(consumerGroup.getBytes(StandardCharsets.UTF_8));
    return FIRST + Long.remainderUnsigned(crc.getValue(), COUNT);
  }
}
