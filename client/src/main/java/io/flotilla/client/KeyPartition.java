package io.flotilla.client;

import io.flotilla.client.internal.Murmur2;

/**
 * The partition that a key decides, for whoever looks for the events of a key: producers of all
 * languages publish there, unless they name a partition themselves. Stateless.
 */
public final class KeyPartition {

  private KeyPartition() {}

  /**
   * The partition of a key.
   *
   * @param partitions how many the topic has, 1 or more
   */
  public static int of(byte[] key, int partitions) {
    Checks.range("partitions", partitions, 1, Integer.MAX_VALUE);
    return Murmur2.partition(key, partitions);
  }
}
