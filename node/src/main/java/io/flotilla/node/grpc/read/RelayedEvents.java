package io.flotilla.node.grpc.read;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.PartitionOffset;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.Skipped;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Events of partitions that another node holds, through a Subscribe of our own to it. Asks for one
 * response at a time, the next when this one was handed out, so the reader's pace reaches the other
 * node. Confined to the subscription's serial executor, to which the call's callbacks hand off.
 */
final class RelayedEvents implements EventSource {

  private static final EventChunk NOTHING = new EventChunk(List.of(), List.of());

  private final Executor serial;
  private final Runnable signal;
  private final Map<Integer, Long> positions;
  private final Map<Integer, Long> ends;
  private @Nullable ClientCallStreamObserver<SubscribeRequest> call;
  private @Nullable SubscribeResponse held;
  private int handedOut; // events of the held response
  private @Nullable FlotillaException broken;
  private boolean caughtUp;
  private boolean over;
  private boolean untilEnd;
  private boolean completed;

  /**
   * @param positions where to begin; becomes this source's own
   * @param ends where to stop; absent = never
   * @param signal run on the serial executor when there is something new
   */
  RelayedEvents(
      Map<Integer, Long> positions, Map<Integer, Long> ends, Executor serial, Runnable signal) {
    this.positions = new HashMap<>(positions);
    this.ends = ends;
    this.serial = serial;
    this.signal = signal;
  }

  void open(Channel channel, TopicInfo topic, boolean toTheEnd) {
    untilEnd = toTheEnd;
    SubscribeRequest.Builder request =
        SubscribeRequest.newBuilder()
            .setTopic(topic.name())
            .setTopicId(topic.topicId())
            .setUntilEnd(toTheEnd);
    positions.forEach(
        (partition, offset) ->
            request
                .addPartitions(partition)
                .addResume(PartitionOffset.newBuilder().setPartition(partition).setOffset(offset)));
    CallScope.direct(ConsumerServiceGrpc.newStub(channel))
        .subscribe(request.build(), new Responses());
  }

  @Override
  public EventChunk next(int bytesMax, long eventsMax) {
    SubscribeResponse response = held;
    if (response == null) {
      FlotillaException why = broken;
      if (why != null) {
        throw why;
      }
      return NOTHING;
    }
    List<ReceivedEvent> events = take(response, eventsMax);
    if (handedOut < response.getEventsCount()) {
      return new EventChunk(events, List.of());
    }
    for (Skipped skipped : response.getSkippedList()) {
      positions.put(skipped.getPartition(), skipped.getNextOffset());
    }
    held = null;
    caughtUp = response.getCaughtUp();
    ClientCallStreamObserver<SubscribeRequest> open = call;
    if (open != null && !over) {
      open.request(1);
    }
    return new EventChunk(events, response.getSkippedList());
  }

  @Override
  public boolean mayHaveMore() {
    return held != null || broken != null;
  }

  @Override
  public boolean caughtUp() {
    return caughtUp && held == null;
  }

  @Override
  public boolean done() {
    return (completed && held == null)
        || positions.entrySet().stream().allMatch(at -> at.getValue() >= end(at.getKey()));
  }

  @Override
  public Map<Integer, Long> positions() {
    return positions;
  }

  @Override
  public void close() {
    held = null;
    ClientCallStreamObserver<SubscribeRequest> open = call;
    if (open != null && !over) {
      open.cancel("the subscriber is gone", null);
    }
    over = true;
  }

  /** What is left beyond so many stays for the next time. */
  private List<ReceivedEvent> take(SubscribeResponse response, long eventsMax) {
    List<ReceivedEvent> events = new ArrayList<>();
    while (events.size() < eventsMax && handedOut < response.getEventsCount()) {
      ReceivedEvent event = response.getEvents(handedOut++);
      if (event.getOffset() < end(event.getPartition())) {
        events.add(event);
        positions.put(event.getPartition(), event.getOffset() + 1);
      }
    }
    return events;
  }

  private long end(int partition) {
    return ends.getOrDefault(partition, Long.MAX_VALUE);
  }

  private void ended(FlotillaException why) {
    if (!over) {
      over = true;
      broken = why;
      signal.run();
    }
  }

  /** Runs on the channel's threads; hands off. */
  private final class Responses
      implements ClientResponseObserver<SubscribeRequest, SubscribeResponse> {

    @Override
    public void beforeStart(ClientCallStreamObserver<SubscribeRequest> stream) {
      stream.disableAutoRequestWithInitial(1);
      call = stream;
    }

    @Override
    public void onNext(SubscribeResponse response) {
      serial.execute(
          () -> {
            if (over) {
              return;
            }
            if (response.hasGoAway()) {
              close();
              broken = gone("the node asked to go elsewhere");
            } else {
              held = response;
              handedOut = 0;
            }
            signal.run();
          });
    }

    @Override
    public void onError(Throwable thrown) {
      serial.execute(() -> ended(StatusMapper.fromPeer(thrown)));
    }

    @Override
    public void onCompleted() {
      serial.execute(
          () -> {
            if (untilEnd && !over) {
              over = true;
              completed = true;
              signal.run();
            } else {
              ended(gone("the node ended the subscription"));
            }
          });
    }

    private FlotillaException gone(String why) {
      return new FlotillaException(ErrorReason.ERROR_REASON_SHUTTING_DOWN, why);
    }
  }
}
