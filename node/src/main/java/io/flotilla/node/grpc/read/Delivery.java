package io.flotilla.node.grpc.read;

import io.flotilla.node.metrics.TopicTraffic;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.List;

/**
 * Counts what one reader is given. How long it took to him can only be said of what was appended
 * after he began: all else waited for him to come. Immutable.
 */
final class Delivery {

  private final TopicTraffic traffic;
  private final long beginMs = System.currentTimeMillis();

  Delivery(TopicTraffic traffic) {
    this.traffic = traffic;
  }

  void batches(List<StoredBatch> batches) {
    if (batches.isEmpty()) {
      return;
    }
    long events = 0;
    long bytes = 0;
    for (StoredBatch batch : batches) {
      events += batch.getBatch().getEventCount();
      bytes += batch.getBatch().getPayload().size();
    }
    traffic.delivered(events, bytes);
    arrived(batches.get(0).getAppendTimeUnixMs());
  }

  void events(List<ReceivedEvent> events, long bytes) {
    if (!events.isEmpty()) {
      traffic.delivered(events.size(), bytes);
      arrived(events.get(0).getAppendTimeUnixMs());
    }
  }

  private void arrived(long appendTimeMs) {
    if (appendTimeMs >= beginMs) {
      traffic.arrived(System.currentTimeMillis() - appendTimeMs);
    }
  }
}
