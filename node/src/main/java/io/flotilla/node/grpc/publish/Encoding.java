package io.flotilla.node.grpc.publish;

import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.Compression;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes plain events storable: stamps those without a timestamp, encodes them within bounds. Pure.
 */
final class Encoding {

  private Encoding() {}

  /** Gives events without a timestamp the time at which they arrived here. */
  static List<Event> stamp(List<Event> events, long nowMs) {
    List<Event> stamped = new ArrayList<>(events.size());
    for (Event event : events) {
      stamped.add(
          event.hasTimestampUnixMs() ? event : event.toBuilder().setTimestampUnixMs(nowMs).build());
    }
    return stamped;
  }

  /** Refuses with EVENT_TOO_LARGE what does not fit into one batch. */
  static EventBatch encode(List<Event> stamped, BatchLimits limits) {
    EventBatch batch = BatchCodec.encode(stamped, Compression.COMPRESSION_NONE);
    if (batch.getPayload().size() > limits.batchBytesMax()) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_EVENT_TOO_LARGE,
          "the events of one partition take "
              + batch.getPayload().size()
              + " bytes, at most "
              + limits.batchBytesMax()
              + " are allowed");
    }
    return batch;
  }
}
