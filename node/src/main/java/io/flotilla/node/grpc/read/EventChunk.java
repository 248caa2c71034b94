package io.flotilla.node.grpc.read;

import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.v1.Skipped;
import java.util.List;

/** Some events and gaps of one source, in order within each partition. Immutable. */
public record EventChunk(List<ReceivedEvent> events, List<Skipped> skipped) {
  public boolean isEmpty() {
    return events.isEmpty() && skipped.isEmpty();
  }
}
