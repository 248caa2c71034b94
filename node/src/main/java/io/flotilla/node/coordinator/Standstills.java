package io.flotilla.node.coordinator;

import io.flotilla.node.core.group.GroupImage;
import io.flotilla.node.metrics.Latency;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * For how long consumer groups have partitions on their way from one member to another, since
 * nobody reads those meanwhile. Confined to flotilla-coordinator.
 */
final class Standstills {

  private final Latency latency;
  private final Map<String, Long> since = new HashMap<>();

  Standstills(Latency latency) {
    this.latency = latency;
  }

  /** These groups changed. */
  void look(Coordinator coordinator, Collection<String> names) {
    for (String name : names) {
      GroupImage image = coordinator.groups().get(name);
      if (coordinator.leads() && image != null && image.isRebalancing()) {
        since.putIfAbsent(name, System.nanoTime());
        continue;
      }
      Long begin = since.remove(name);
      if (begin != null && coordinator.leads()) {
        latency.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
      }
    }
  }
}
