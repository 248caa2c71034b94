package io.flotilla.client.internal;

import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.FetchPartition;
import io.flotilla.proto.v1.FetchStreamRequest;
import io.flotilla.proto.v1.FetchStreamResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One FetchStream to one node, carrying the partitions of one {@link Fetcher} that are read there.
 * Requests are made under its monitor; answers are passed on by gRPC's threads, serially.
 */
final class FetchStream implements ClientResponseObserver<FetchStreamRequest, FetchStreamResponse> {

  /** A node reads and answers for each piece of credit that comes back: not one for each batch. */
  private static final int PIECES = 4;

  private static final long PIECE_MAX = 1 << 20;

  private final Route route;
  private final Fetcher owner;

  /** All its credit: what stands at the node, what waits in the queue, and what is owed. */
  private final long share;

  private @Nullable ClientCallStreamObserver<FetchStreamRequest> requests;
  private long owed;

  /** Credit that it gets when batches of streams before it have been taken from the queue. */
  long withheld;

  FetchStream(Route route, Fetcher owner, long share) {
    this.route = route;
    this.owner = owner;
    this.share = share;
  }

  Route route() {
    return route;
  }

  void open(Channels channels) {
    requests =
        (ClientCallStreamObserver<FetchStreamRequest>)
            ConsumerServiceGrpc.newStub(channels.to(route)).fetchStream(this);
  }

  void add(List<FetchPartition> partitions, long credit) {
    request(FetchStreamRequest.newBuilder().addAllAdd(partitions).setCreditBytes(credit).build());
  }

  void remove(int fetchId) {
    request(FetchStreamRequest.newBuilder().addRemove(fetchId).build());
  }

  /** So much has left the queue; it is given back with more, never so late that the node waits. */
  void credit(long bytes) {
    owed += bytes;
    if (owed >= Math.min(share / PIECES, PIECE_MAX)) {
      request(FetchStreamRequest.newBuilder().setCreditBytes(owed).build());
      owed = 0;
    }
  }

  private void request(FetchStreamRequest request) {
    if (requests != null) {
      requests.onNext(request);
    }
  }

  void cancel() {
    if (requests != null) {
      requests.cancel("the subscriber has left", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<FetchStreamRequest> stream) {
    // Nothing to set: credit, not transport flow control, is what holds the server back.
  }

  @Override
  public void onNext(FetchStreamResponse response) {
    owner.onResponse(this, response);
  }

  @Override
  public void onError(Throwable thrown) {
    owner.onLost(this, RefusalReader.read(thrown));
  }

  @Override
  public void onCompleted() {
    owner.onLost(
        this,
        RefusalReader.read(
            Status.UNAVAILABLE.withDescription("the server ended the stream"), null));
  }
}
