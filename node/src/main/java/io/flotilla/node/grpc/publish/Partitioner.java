package io.flotilla.node.grpc.publish;

import com.google.protobuf.ByteString;

/**
 * Where a key belongs: MurmurHash2 (Austin Appleby, public domain) with the seed that Kafka's
 * default partitioner uses, made positive, modulo the partition count, so that keys land where
 * users of Kafka expect them. Pure.
 */
public final class Partitioner {

  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private Partitioner() {}

  public static int partition(ByteString key, int partitions) {
    return (murmur2(key) & 0x7fffffff) % partitions;
  }

  static int murmur2(ByteString key) {
    int length = key.size();
    int hash = SEED ^ length;
    int whole = length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int k = at(key, i) | (at(key, i + 1) << 8) | (at(key, i + 2) << 16) | (at(key, i + 3) << 24);
      k *= M;
      k ^= k >>> R;
      hash = (hash * M) ^ (k * M);
    }
    if (whole < length) {
      for (int i = length - 1; i >= whole; i--) {
        hash ^= at(key, i) << (8 * (i - whole));
      }
      hash *= M;
    }
    hash ^= hash >>> 13;
    hash *= M;
    return hash ^ (hash >>> 15);
  }

  private static int at(ByteString key, int index) {
    return key.byteAt(index) & 0xff;
  }
}
