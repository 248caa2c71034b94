package io.flotilla.client.internal;

/**
 * MurmurHash2 (Austin Appleby), 32 bit, with the seed that Kafka's default partitioner uses, so
 * that a key goes to the same partition number in both. Pure.
 */
public final class Murmur2 {

  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private Murmur2() {}

  /** The partition of a key. */
  public static int partition(byte[] key, int partitions) {
    return (hash(key) & 0x7fffffff) % partitions;
  }

  static int hash(byte[] key) {
    int hash = SEED ^ key.length;
    int whole = key.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int word =
          byteAt(key, i)
              | (byteAt(key, i + 1) << 8)
              | (byteAt(key, i + 2) << 16)
              | (key[i + 3] << 24);
      word *= M;
      word ^= word >>> R;
      hash = (hash * M) ^ (word * M);
    }
    int rest = key.length - whole;
    if (rest > 0) {
      for (int i = rest - 1; i >= 0; i--) {
        hash ^= byteAt(key, whole + i) << (8 * i);
      }
      hash *= M;
    }
    hash ^= hash >>> 13;
    hash *= M;
    return hash ^ (hash >>> 15);
  }

  private static int byteAt(byte[] key, int index) {
    return key[index] & 0xff;
  }
}
