package io.flotilla.node.grpc.read;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The fetches whose partitions another node holds, through a FetchStream of our own to it, under
 * the same fetch ids. Grants that node a fixed credit, renewed by what was handed on: what is kept
 * here is bounded by it. Confined to the stream's serial executor, to which the call's callbacks
 * hand off.
 */
final class FetchRelay implements FetchSource {

  private final Executor serial;
  private final int nodeId;
  private final Runnable signal;
  private final Set<Integer> fetchIds = new HashSet<>();
  private final Deque<FetchStreamResponse> held = new ArrayDeque<>();
  private @Nullable ClientCallStreamObserver<FetchStreamRequest> call;
  private @Nullable FlotillaException broken;
  private boolean over;

  /**
   * @param signal run on the serial executor when there is something new
   */
  FetchRelay(int nodeId, Executor serial, Runnable signal) {
    this.nodeId = nodeId;
    this.serial = serial;
    this.signal = signal;
  }

  int nodeId() {
    return nodeId;
  }

  void open(Channel channel, long creditBytes) {
    var unused =
        CallScope.direct(ConsumerServiceGrpc.newStub(channel)).fetchStream(new Responses());
    send(FetchStreamRequest.newBuilder().setCreditBytes(creditBytes).build());
  }

  void add(int fetchId, TopicInfo topic, int partition, long offset) {
    fetchIds.add(fetchId);
    send(
        FetchStreamRequest.newBuilder()
            .addAdd(
                FetchPartition.newBuilder()
                    .setFetchId(fetchId)
                    .setTopic(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartition(partition)
                    .setFrom(SubscribeSources.at(offset)))
            .build());
  }

  @Override
  public @Nullable FetchStreamResponse next(int bytesMax) {
    FetchStreamResponse response = held.poll();
    if (response == null) {
      FlotillaException why = broken;
      if (why != null) {
        throw why;
      }
      return null;
    }
    long bytes = bytes(response);
    if (bytes > 0) {
      send(FetchStreamRequest.newBuilder().setCreditBytes(bytes).build());
    }
    if (!fetchIds.contains(response.getFetchId())) {
      return next(bytesMax);
    }
    if (response.hasFailure()) {
      fetchIds.remove(response.getFetchId());
    }
    return response;
  }

  @Override
  public boolean mayHaveMore() {
    return !held.isEmpty() || broken != null;
  }

  @Override
  public Set<Integer> fetchIds() {
    return fetchIds;
  }

  @Override
  public void remove(int fetchId) {
    fetchIds.remove(fetchId);
    send(FetchStreamRequest.newBuilder().addRemove(fetchId).build());
  }

  @Override
  public void close() {
    held.clear();
    ClientCallStreamObserver<FetchStreamRequest> open = call;
    if (open != null && !over) {
      over = true;
      open.cancel("the reader is gone", null);
    }
  }

  /** Bytes of batches, as credit counts them. */
  static long bytes(FetchStreamResponse response) {
    long bytes = 0;
    for (StoredBatch batch : response.getBatchesList()) {
      bytes += batch.getSerializedSize();
    }
    return bytes;
  }

  private void send(FetchStreamRequest request) {
    ClientCallStreamObserver<FetchStreamRequest> open = call;
    if (open != null && !over) {
      open.onNext(request);
    }
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
      implements ClientResponseObserver<FetchStreamRequest, FetchStreamResponse> {

    @Override
    public void beforeStart(ClientCallStreamObserver<FetchStreamRequest> stream) {
      call = stream;
    }

    @Override
    public void onNext(FetchStreamResponse response) {
      serial.execute(
          () -> {
            if (response.hasGoAway()) {
              ended(gone("node " + nodeId + " asked to go elsewhere"));
            } else if (!over) {
              held.add(response);
              signal.run();
            }
          });
    }

    @Override
    public void onError(Throwable thrown) {
      serial.execute(() -> ended(StatusMapper.fromPeer(thrown)));
    }

    @Override
    public void onCompleted() {
      serial.execute(() -> ended(gone("node " + nodeId + " ended the stream")));
    }

    private FlotillaException gone(String why) {
      return new FlotillaException(ErrorReason.ERROR_REASON_SHUTTING_DOWN, why);
    }
  }
}
