package io.flotilla.node.core.metadata;

import io.flotilla.node.store.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The keys of table METADATA: a kind of row (8 bytes), then what names it. Stateless. */
final class MetadataKeys {

  static final long COUNTERS = 1;
  static final long NODES = 2;
  static final long TOPICS = 3;
  static final long GROUPS = 4;
  static final long PRODUCER_NAMES = 5;

  private MetadataKeys() {}

  static byte[] counters() {
    return Keys.of(COUNTERS);
  }

  static byte[] node(int nodeId) {
    return Keys.of(NODES, nodeId);
  }

  static byte[] topic(long topicId) {
    return Keys.of(TOPICS, topicId);
  }

  static byte[] group(long group) {
    return Keys.of(GROUPS, group);
  }

  static byte[] producerName(String name) {
    byte[] kind = Keys.of(PRODUCER_NAMES);
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] key = Arrays.copyOf(kind, kind.length + bytes.length);
    System.arraycopy(bytes, 0, key, kind.length, bytes.length);
    return key;
  }
}
