package io.flotilla.node.grpc.call;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.trace.TraceContext;
import io.flotilla.node.trace.Traces;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.types.v1.Header;
import io.flotilla.proto.types.v1.ReceivedEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The trace context that an event carries in its headers, as W3C names them. Stateless. */
public final class EventTraces {

  /** Bytes that the two headers take at most, with what is around them. */
  public static final int BYTES_MAX = 768;

  private EventTraces() {}

  /** The first context among the events that anybody records; null when there is none. */
  public static @Nullable TraceContext sampled(List<Event> events) {
    for (Event event : events) {
      TraceContext context = of(event);
      if (context != null && context.sampled()) {
        return context;
      }
    }
    return null;
  }

  /** The event's own context; null when it has none, or one that W3C has us ignore. */
  static @Nullable TraceContext of(Event event) {
    String parent = header(event, TraceContext.PARENT);
    return parent == null ? null : TraceContext.parse(parent, header(event, TraceContext.STATE));
  }

  private static @Nullable String header(Event event, String name) {
    for (int i = 0; i < event.getHeadersCount(); i++) {
      Header header = event.getHeaders(i);
      if (header.getKey().equals(name)) {
        return header.getValue().toString(StandardCharsets.US_ASCII);
      }
    }
    return null;
  }

  /**
   * The events, those without a context with this one, as headers behind their own.
   *
   * @param limits an event that has about as much in its headers stays as it is
   */
  public static List<Event> with(TraceContext context, List<Event> events, BatchLimits limits) {
    List<Event> traced = new ArrayList<>(events.size());
    for (Event event : events) {
      boolean takes = header(event, TraceContext.PARENT) == null && room(event, limits);
      traced.add(takes ? with(context, event) : event);
    }
    return traced;
  }

  private static boolean room(Event event, BatchLimits limits) {
    int bytes = BYTES_MAX;
    for (Header header : event.getHeadersList()) {
      bytes += header.getSerializedSize();
    }
    return event.getHeadersCount() + 2 <= limits.headersMax() && bytes <= limits.headerBytesMax();
  }

  private static Event with(TraceContext context, Event event) {
    Event.Builder traced =
        event.toBuilder().addHeaders(header(TraceContext.PARENT, context.header()));
    if (!context.state().isEmpty() && header(event, TraceContext.STATE) == null) {
      traced.addHeaders(header(TraceContext.STATE, context.state()));
    }
    return traced.build();
  }

  private static Header header(String name, String value) {
    return Header.newBuilder().setKey(name).setValue(ByteString.copyFromUtf8(value)).build();
  }

  /** Tells of events that go to a client. */
  public static void delivered(
      Traces traces, String topic, String group, List<ReceivedEvent> events) {
    if (!traces.on()) {
      return;
    }
    for (ReceivedEvent event : events) {
      TraceContext context = of(event.getEvent());
      if (context != null) {
        traces.delivered(context, topic, event.getPartition(), event.getOffset(), group);
      }
    }
  }
}
