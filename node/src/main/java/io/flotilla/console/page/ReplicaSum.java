package io.flotilla.console.page;

import io.flotilla.client.NodeDescription;
import io.flotilla.client.NodeDescription.Doings;
import io.flotilla.client.NodeDescription.Load;
import io.flotilla.client.ReplicaDescription;
import io.flotilla.console.watch.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the replicas of a node are, on the whole.
 *
 * @param elections that they stood in since the node's process began; null: it did not tell
 * @param leaderships how often one of them became the leader since then; null: it did not tell
 */
record ReplicaSum(
    int node,
    long leads,
    long follows,
    long other,
    long lagEvents,
    long termMax,
    @Nullable Long elections,
    @Nullable Long leaderships) {

  static List<ReplicaSum> all(Sample sample) {
    Map<Integer, Counter> counters = new HashMap<>();
    for (ReplicaDescription replica : sample.cluster().replicas()) {
      counters.computeIfAbsent(replica.nodeId(), node -> new Counter()).add(replica);
    }
    return sample.cluster().nodes().stream()
        .map(node -> counters.getOrDefault(node.nodeId(), new Counter()).of(node))
        .toList();
  }

  private static final class Counter {
    private long leads;
    private long follows;
    private long other;
    private long lag;
    private long term;

    void add(ReplicaDescription replica) {
      switch (replica.role()) {
        case LEADER -> leads++;
        case FOLLOWER -> follows++;
        default -> other++;
      }
      lag += replica.lagEvents();
      term = Math.max(term, replica.term());
    }

    ReplicaSum of(NodeDescription node) {
      Load load = node.load();
      Doings doings = load == null ? null : load.doings();
      return new ReplicaSum(
          node.nodeId(),
          leads,
          follows,
          other,
          lag,
          term,
          doings == null ? null : doings.elections(),
          doings == null ? null : doings.leaderships());
    }
  }
}
