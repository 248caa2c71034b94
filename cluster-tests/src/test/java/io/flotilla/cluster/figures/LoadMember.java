package io.flotilla.cluster.figures;

import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.Acknowledge;
import io.flotilla.proto.v1.ConsumeRequest;
import io.flotilla.proto.v1.ConsumeResponse;
import io.flotilla.proto.v1.EventPosition;
import io.flotilla.proto.v1.GroupConsumerServiceGrpc;
import io.flotilla.proto.v1.JoinGroup;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A member of a group on a stock stub, one of very many in this process: acknowledges what it is
 * delivered at once, and goes to the next channel with its token when its stream breaks.
 */
final class LoadMember implements StreamObserver<ConsumeResponse> {
  private static final long AGAIN_MS = 100;

  /** What all members together have seen. */
  static final class Totals {
    final AtomicLong joined = new AtomicLong();
    final AtomicLong committed = new AtomicLong();
    final AtomicLong delivered = new AtomicLong();
    final AtomicLong broken = new AtomicLong();
    final AtomicLong fenced = new AtomicLong();
    final AtomicLong moved = new AtomicLong();

    /** Partitions held now, by member. */
    final Map<LoadMember, Integer> held = new ConcurrentHashMap<>();
  }

  private final List<ManagedChannel> channels;
  private final JoinGroup join;
  private final Totals totals;
  private int turn;
  private volatile String token = "";
  private volatile boolean closed;
  private volatile @Nullable StreamObserver<ConsumeRequest> stream;

  LoadMember(List<ManagedChannel> channels, int turn, String group, String topic, Totals totals) {
    this.channels = channels;
    this.turn = turn;
    this.totals = totals;
    this.join =
        JoinGroup.newBuilder()
            .setGroup(group)
            .addTopics(topic)
            .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_LATEST))
            .build();
  }

  void open() {
    if (closed) {
      return;
    }
    ManagedChannel channel = channels.get(Math.floorMod(turn, channels.size()));
    StreamObserver<ConsumeRequest> opened = GroupConsumerServiceGrpc.newStub(channel).consume(this);
    stream = opened;
    opened.onNext(
        ConsumeRequest.newBuilder().setJoin(join.toBuilder().setSessionToken(token)).build());
  }

  void close() {
    closed = true;
    StreamObserver<ConsumeRequest> open = stream;
    if (open != null) {
      open.onCompleted();
    }
  }

  @Override
  public void onNext(ConsumeResponse response) {
    switch (response.getResponseCase()) {
      case JOINED -> {
        token = response.getJoined().getSessionToken();
        totals.joined.incrementAndGet();
        totals.held.put(this, 0);
      }
      case ASSIGNED ->
          totals.held.merge(this, response.getAssigned().getPartitionsCount(), Integer::sum);
      case REVOKED -> {
        totals.moved.addAndGet(response.getRevoked().getPartitionsCount());
        totals.held.merge(this, -response.getRevoked().getPartitionsCount(), Integer::sum);
      }
      case LOST -> totals.held.merge(this, -response.getLost().getPartitionsCount(), Integer::sum);
      case DELIVERY -> acknowledge(response);
      case ACKED ->
          response.getAcked().getResultsList().stream()
              .filter(result -> !result.hasFailure())
              .forEach(result -> totals.committed.incrementAndGet());
      default -> {}
    }
  }

  private void acknowledge(ConsumeResponse response) {
    Map<Integer, Long> last = new TreeMap<>();
    for (ReceivedEvent event : response.getDelivery().getEventsList()) {
      last.put(event.getPartition(), event.getOffset());
      totals.delivered.incrementAndGet();
    }
    Acknowledge.Builder ack = Acknowledge.newBuilder();
    last.forEach(
        (partition, offset) ->
            ack.addProcessed(
                EventPosition.newBuilder()
                    .setTopic(response.getDelivery().getTopic())
                    .setPartition(partition)
                    .setOffset(offset)));
    StreamObserver<ConsumeRequest> open = stream;
    if (open != null) {
      open.onNext(ConsumeRequest.newBuilder().setAck(ack).build());
    }
  }

  @Override
  public void onError(Throwable thrown) {
    if (Status.fromThrowable(thrown).getCode() == Status.Code.FAILED_PRECONDITION) {
      totals.fenced.incrementAndGet();
      token = "";
    }
    totals.broken.incrementAndGet();
    again();
  }

  @Override
  public void onCompleted() {
    again();
  }

  private void again() {
    if (!closed) {
      turn++;
      CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS).execute(this::open);
    }
  }
}
