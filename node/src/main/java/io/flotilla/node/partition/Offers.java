package io.flotilla.node.partition;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Whom this node has offered leaderships that somebody had asked for: each once in a term. What it
 * leads in a later term it was handed back, and who is asked for then was asked for anew. Confined
 * to a thread.
 */
final class Offers {

  private record Offer(String peer, long term) {}

  private final Map<Long, Offer> last = new HashMap<>();

  boolean isNew(long group, String peer, long term) {
    return !new Offer(peer, term).equals(last.get(group));
  }

  void add(long group, String peer, long term) {
    last.put(group, new Offer(peer, term));
  }

  /** Forgets the groups that are not there any more. */
  void retain(Collection<Long> groups) {
    last.keySet().retainAll(groups);
  }
}
