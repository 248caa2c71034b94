package io.flotilla.client.internal;

import io.flotilla.proto.v1.Ack;
import io.flotilla.proto.v1.OpenPublish;
import io.flotilla.proto.v1.ProducerServiceGrpc;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamRequest;
import io.flotilla.proto.v1.PublishStreamResponse;
import io.flotilla.proto.v1.Window;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One PublishStream to one node under one identity. Sends nothing before Opened and never more than
 * the server's window; queues that find no room are woken when there is. A queue's lock may be held
 * while this one is taken, never the other way round: queues are told outside it.
 */
final class PublishConnection
    implements ClientResponseObserver<PublishStreamRequest, PublishStreamResponse> {

  /** What became of an offer. */
  enum Offer {
    SENT,
    /** Not open yet, or no room: the queue will be woken. */
    WAIT,
    /** Lost or leaving: find another. */
    GONE
  }

  private record Sent(PartitionQueue queue, Batch batch, long bytes, long nanos) {}

  private final Route route;
  private final Session session;
  private final Sender sender;
  private final long createdNanos = System.nanoTime();

  private final Map<Long, Sent> inFlight = new LinkedHashMap<>();
  private final Set<PartitionQueue> waiting = new LinkedHashSet<>();
  private @Nullable ClientCallStreamObserver<PublishStreamRequest> requests;
  private boolean opened;
  private boolean leaving;
  private boolean closed;
  private long nextBatchId = 1;
  private long windowBatches;
  private long windowBytes;
  private long usedBytes;

  PublishConnection(Route route, Session session, Sender sender) {
    this.route = route;
    this.session = session;
    this.sender = sender;
  }

  Route route() {
    return route;
  }

  Session session() {
    return session;
  }

  void open(Channels channels) {
    var stream = ProducerServiceGrpc.newStub(channels.to(route)).publishStream(this);
    stream.onNext(
        PublishStreamRequest.newBuilder()
            .setOpen(OpenPublish.newBuilder().setResume(session.identity()))
            .build());
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<PublishStreamRequest> stream) {
    this.requests = stream;
  }

  // synchronized: guards all fields that are not final, the two collections and the order of onNext
  synchronized Offer offer(PartitionQueue queue, Batch batch, PublishBatch.Builder request) {
    ClientCallStreamObserver<PublishStreamRequest> stream = requests;
    if (closed || leaving) {
      return Offer.GONE;
    }
    long bytes = request.getEncoded().getPayload().size();
    boolean room =
        inFlight.isEmpty() || (inFlight.size() < windowBatches && usedBytes + bytes <= windowBytes);
    if (stream == null || !opened || !room) {
      waiting.add(queue);
      return Offer.WAIT;
    }
    long id = nextBatchId++;
    usedBytes += bytes;
    inFlight.put(id, new Sent(queue, batch, bytes, System.nanoTime()));
    batch.on = this;
    stream.onNext(PublishStreamRequest.newBuilder().setBatch(request.setBatchId(id)).build());
    return Offer.SENT;
  }

  synchronized boolean gone() {
    return closed || leaving;
  }

  /**
   * What the server owes for longest.
   *
   * @param queue whose batch it is; null when it is Opened, or nothing
   * @param nanos for how long; 0 when it owes nothing
   */
  record Owed(@Nullable PartitionQueue queue, long nanos) {}

  synchronized Owed owed() {
    long now = System.nanoTime();
    if (closed || (opened && inFlight.isEmpty())) {
      return new Owed(null, 0);
    }
    if (inFlight.isEmpty()) {
      return new Owed(null, now - createdNanos);
    }
    Sent oldest = inFlight.values().iterator().next();
    return new Owed(oldest.queue(), now - oldest.nanos());
  }

  void cancel(String why) {
    ClientCallStreamObserver<PublishStreamRequest> stream;
    synchronized (this) {
      stream = requests;
    }
    lost(RefusalReader.read(Status.UNAVAILABLE.withDescription(why), null));
    if (stream != null) {
      stream.cancel(why, null);
    }
  }

  @Override
  public void onNext(PublishStreamResponse response) {
    switch (response.getResponseCase()) {
      case OPENED -> {
        sender.batchBytesMax(response.getOpened().getBatchBytesMax());
        synchronized (this) {
          opened = true;
        }
        window(response.getOpened().getWindow());
      }
      case ACK -> ack(response.getAck());
      case REJECT -> {
        Sent sent = answered(response.getReject().getBatchId());
        if (sent != null) {
          Refusal refusal = RefusalReader.read(response.getReject().getFailure());
          sent.queue().onReject(this, sent.batch(), refusal);
        }
      }
      case WINDOW -> window(response.getWindow());
      case GO_AWAY -> {
        synchronized (this) {
          leaving = true;
        }
        sender.avoid(route);
      }
      case RESPONSE_NOT_SET -> {
        // Something newer than this client: nothing that it must know.
      }
    }
    wake();
  }

  private void ack(Ack ack) {
    Sent sent = answered(ack.getBatchId());
    if (sent != null) {
      sent.queue().onAck(this, sent.batch(), ack.getFirstOffset(), ack.getDuplicate());
    }
  }

  private synchronized @Nullable Sent answered(long batchId) {
    Sent sent = inFlight.remove(batchId);
    if (sent != null) {
      usedBytes -= sent.bytes();
    }
    return sent;
  }

  private synchronized void window(Window window) {
    windowBatches = window.getBatches();
    windowBytes = window.getBytes();
  }

  /** Tells those who wait that there may be room, or that this connection is to be left. */
  private void wake() {
    List<PartitionQueue> woken;
    ClientCallStreamObserver<PublishStreamRequest> finished = null;
    synchronized (this) {
      woken = waiting.isEmpty() ? List.of() : new ArrayList<>(waiting);
      waiting.clear();
      if (leaving && inFlight.isEmpty() && !closed) {
        finished = requests;
      }
    }
    woken.forEach(PartitionQueue::wake);
    if (finished != null) {
      finished.onCompleted();
      lost(RefusalReader.read(Status.UNAVAILABLE.withDescription("the server is leaving"), null));
    }
  }

  @Override
  public void onError(Throwable thrown) {
    Refusal refusal = RefusalReader.read(thrown);
    if (refusal.retryable()) {
      sender.avoid(route);
    }
    lost(refusal);
  }

  @Override
  public void onCompleted() {
    lost(
        RefusalReader.read(
            Status.UNAVAILABLE.withDescription("the server ended the stream"), null));
  }

  private void lost(Refusal refusal) {
    Set<PartitionQueue> concerned;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      concerned = new LinkedHashSet<>(waiting);
      inFlight.values().forEach(sent -> concerned.add(sent.queue()));
      waiting.clear();
      inFlight.clear();
    }
    sender.remove(this);
    concerned.forEach(queue -> queue.onLost(this, refusal));
  }
}
