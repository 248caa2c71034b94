package io.flotilla.client.internal;

import com.google.protobuf.ByteString;
import io.flotilla.client.Header;
import io.flotilla.client.ReceivedEvent;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.EventList;
import io.flotilla.proto.types.v1.StoredBatch;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Opens a stored batch and hands its events out from the reader's position on. Pure. */
final class EventDecoder {

  private EventDecoder() {}

  /** Stops when the taker says false, and says whether it never did. */
  static boolean decode(PartitionReader reader, StoredBatch stored, Predicate<ReceivedEvent> taker)
      throws BatchCodec.BadBatch {
    EventList events = BatchCodec.decode(stored.getBatch());
    Instant appended = Instant.ofEpochMilli(stored.getAppendTimeUnixMs());
    ReceivedEvent.Origin origin =
        stored.getProducerId() == 0
            ? null
            : new ReceivedEvent.Origin(stored.getProducerId(), stored.getProducerEpoch());
    for (int i = 0; i < events.getEventsCount(); i++) {
      long offset = offset(stored, i);
      if (offset < reader.handedOut) {
        continue;
      }
      Event event = events.getEvents(i);
      ReceivedEvent received =
          new ReceivedEvent(
              reader.topic,
              reader.partition,
              offset,
              event.hasTimestampUnixMs()
                  ? Instant.ofEpochMilli(event.getTimestampUnixMs())
                  : appended,
              appended,
              bytes(event.hasKey(), event.getKey()),
              bytes(event.hasValue(), event.getValue()),
              headers(event),
              origin);
      if (!taker.test(received)) {
        return false;
      }
    }
    return true;
  }

  /** The offset of the i-th event; compaction may have removed others before it. */
  private static long offset(StoredBatch stored, int i) {
    return stored.getBaseOffset()
        + (i < stored.getOffsetDeltasCount() ? stored.getOffsetDeltas(i) : i);
  }

  /** Where reading goes on behind the batch. */
  static long next(StoredBatch stored) {
    int span = stored.getOffsetSpan();
    return stored.getBaseOffset() + (span > 0 ? span : stored.getBatch().getEventCount());
  }

  private static byte @Nullable [] bytes(boolean present, ByteString bytes) {
    return present ? bytes.toByteArray() : null;
  }

  private static List<Header> headers(Event event) {
    return event.getHeadersCount() == 0
        ? List.of()
        : event.getHeadersList().stream()
            .map(header -> new Header(header.getKey(), header.getValue().toByteArray()))
            .toList();
  }
}
