package io.flotilla.node.model;

import java.util.Map;
import java.util.Set;

/** Asks other nodes what time it is. */
@FunctionalInterface
public interface NodeClocks {

  /**
   * Their clocks in milliseconds since 1970; of those that answer within a second or so, for which
   * it blocks.
   */
  Map<Integer, Long> ask(Set<Integer> nodes);
}
