package io.flotilla.client.toy;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.ListOffsetsResponse;
import io.flotilla.proto.v1.ListedOffset;
import io.flotilla.proto.v1.Topic;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Reading by credit; new events are looked for every few milliseconds. */
final class ToyConsumerService extends ConsumerServiceGrpc.ConsumerServiceImplBase {

  private final ToyNode node;
  private final ToyCluster cluster;

  ToyConsumerService(ToyNode node) {
    this.node = node;
    this.cluster = node.cluster;
  }

  @Override
  public void listOffsets(
      ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> observer) {
    Topic topic = cluster.topics.get(request.getTopic());
    if (topic == null) {
      observer.onError(ToyNode.status(ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND, "no topic"));
      return;
    }
    ListOffsetsResponse.Builder answer = ListOffsetsResponse.newBuilder();
    for (int p = 0; p < topic.getPartitionCount(); p++) {
      ToyLog log = cluster.logs(topic).get(p);
      boolean latest = request.getPosition().getFrom() == StartFrom.START_FROM_LATEST;
      answer.addOffsets(
          ListedOffset.newBuilder().setPartition(p).setOffset(latest ? log.end() : log.start()));
    }
    observer.onNext(answer.build());
    observer.onCompleted();
  }

  @Override
  public StreamObserver<FetchStreamRequest> fetchStream(
      StreamObserver<FetchStreamResponse> observer) {
    return new Call((ServerCallStreamObserver<FetchStreamResponse>) observer);
  }

  private static final class Fetch {
    final ToyLog log;
    final String topic;
    final long topicId;
    long position;
    boolean told;
    boolean started;

    Fetch(ToyLog log, FetchPartition asked, long position) {
      this.log = log;
      this.topic = asked.getTopic();
      this.topicId = asked.getTopicId();
      this.position = position;
    }
  }

  /** One stream. Guarded by itself. */
  private final class Call implements StreamObserver<FetchStreamRequest> {
    private final ServerCallStreamObserver<FetchStreamResponse> observer;
    private final Map<Integer, Fetch> fetches = new LinkedHashMap<>();
    private final Runnable cutter = this::cut;
    private final ScheduledFuture<?> looking;
    private long credit;
    private boolean over;

    Call(ServerCallStreamObserver<FetchStreamResponse> observer) {
      this.observer = observer;
      observer.setOnCancelHandler(this::forget);
      node.streams.add(cutter);
      looking = cluster.answers.scheduleWithFixedDelay(this::pump, 1, 5, TimeUnit.MILLISECONDS);
    }

    private synchronized void forget() {
      over = true;
      node.streams.remove(cutter);
      looking.cancel(false);
    }

    private synchronized void cut() {
      if (!over) {
        forget();
        observer.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
      }
    }

    @Override
    public synchronized void onNext(FetchStreamRequest request) {
      cluster.fetchRequests.incrementAndGet();
      credit += request.getCreditBytes();
      request.getRemoveList().forEach(fetches::remove);
      request.getAddList().forEach(this::add);
    }

    private void add(FetchPartition asked) {
      ToyLog log = cluster.log(asked.getTopic(), asked.getPartition());
      if (log == null) {
        fail(asked.getFetchId(), ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND);
        return;
      }
      long position =
          switch (asked.getFrom().getFrom()) {
            case START_FROM_LATEST -> log.end();
            case START_FROM_OFFSET -> asked.getFrom().getOffset();
            default -> log.start();
          };
      if (position < log.start() || position > log.end()) {
        fail(asked.getFetchId(), ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE);
        return;
      }
      fetches.put(asked.getFetchId(), new Fetch(log, asked, position));
    }

    private void fail(int fetchId, ErrorReason reason) {
      fetches.remove(fetchId);
      observer.onNext(
          FetchStreamResponse.newBuilder()
              .setFetchId(fetchId)
              .setFailure(node.failure(reason, "refused: " + reason))
              .build());
    }

    private synchronized void pump() {
      boolean more = !over;
      while (more && credit > 0) {
        more = false;
        for (Map.Entry<Integer, Fetch> entry : Map.copyOf(fetches).entrySet()) {
          more |= credit > 0 && step(entry.getKey(), entry.getValue());
        }
      }
    }

    private boolean step(int fetchId, Fetch fetch) {
      Topic now = cluster.topics.get(fetch.topic);
      if (now == null || (fetch.topicId != 0 && now.getTopicId() != fetch.topicId)) {
        fail(
            fetchId,
            now == null
                ? ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND
                : ErrorReason.ERROR_REASON_WRONG_TOPIC_INCARNATION);
        return false;
      }
      StoredBatch batch = fetch.log.at(fetch.position);
      if (batch == null && fetch.told) {
        return false;
      }
      FetchStreamResponse.Builder response = FetchStreamResponse.newBuilder().setFetchId(fetchId);
      if (!fetch.started) {
        fetch.started = true;
        response.setStartedAt(fetch.position);
      }
      if (batch != null) {
        response.addBatches(batch);
        credit -= batch.getSerializedSize();
        fetch.position = batch.getBaseOffset() + batch.getBatch().getEventCount();
      }
      fetch.told = fetch.position >= fetch.log.end();
      observer.onNext(response.setHighWatermark(fetch.log.end()).setCaughtUp(fetch.told).build());
      return batch != null;
    }

    @Override
    public void onError(Throwable thrown) {
      forget();
    }

    @Override
    public synchronized void onCompleted() {
      if (!over) {
        forget();
        observer.onCompleted();
      }
    }
  }
}
