package io.flotilla.node.router;

import io.flotilla.node.core.Applied;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.model.GroupTotals;
import io.flotilla.node.model.NodeIdentity;
import io.flotilla.node.raft.GroupSource;
import io.flotilla.proto.internal.v1.GroupEnd;
import io.flotilla.proto.internal.v1.GroupRows;
import io.flotilla.proto.internal.v1.GroupStart;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.internal.v1.StreamGroupRequest;
import io.flotilla.proto.internal.v1.StreamGroupResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pulls groups from other nodes. Safe; a pull runs on the caller's thread. */
public final class PeerGroupSource implements GroupSource {

  /** A peer that gives nothing for so long is given up. */
  private static final long SILENCE_SECONDS_MAX = 30;

  private final Router router;

  public PeerGroupSource(Router router) {
    this.router = router;
  }

  @Override
  public void pull(String peerId, Pull pull, Sink sink) {
    StreamGroupRequest request =
        StreamGroupRequest.newBuilder()
            .setGroup(pull.group())
            .setMinIndex(pull.minIndex())
            .setToken(pull.token())
            .setAfterChunk(pull.afterChunk())
            .build();
    Inbox inbox = new Inbox();
    try {
      var channel = router.channel(NodeIdentity.nodeIdOf(peerId));
      PeerServiceGrpc.newStub(channel).streamGroup(request, inbox);
    } catch (FlotillaException e) {
      throw new GroupSourceException("peer " + peerId + " cannot be asked", e);
    }
    try {
      boolean more = true;
      while (more) {
        more = hand(inbox.take(), sink);
      }
    } finally {
      inbox.cancel();
    }
  }

  /** False after the end. */
  private static boolean hand(StreamGroupResponse part, Sink sink) {
    switch (part.getPartCase()) {
      case START -> {
        GroupStart start = part.getStart();
        sink.started(start.getToken(), new Applied(start.getTerm(), start.getIndex()));
      }
      case ROWS -> {
        GroupRows rows = part.getRows();
        sink.chunk(
            new GroupChunk(
                rows.getNumber(),
                rows.getTable(),
                rows.getPartitionId(),
                rows.getBlock(),
                rows.getCrc()));
      }
      case END -> {
        GroupEnd end = part.getEnd();
        sink.ended(new GroupTotals(end.getChunks(), end.getBytes(), end.getSum()));
        return false;
      }
      case PART_NOT_SET ->
          throw new GroupSourceException("it sent a part of a kind that is not known here");
    }
    return true;
  }

  /** What has come and was not taken yet: as much as was asked for. */
  private static final class Inbox
      implements ClientResponseObserver<StreamGroupRequest, StreamGroupResponse> {

    /** Chunks under way, so that the network and the disk work at the same time. */
    private static final int AHEAD = 4;

    private record Item(@Nullable StreamGroupResponse part, @Nullable Throwable fault) {}

    // At most AHEAD parts and the end.
    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private volatile @Nullable ClientCallStreamObserver<StreamGroupRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamGroupRequest> observer) {
      call = observer;
      observer.disableAutoRequestWithInitial(AHEAD);
    }

    StreamGroupResponse take() {
      Item item;
      try {
        item = items.poll(SILENCE_SECONDS_MAX, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new GroupSourceException("the node stops", e);
      }
      if (item == null) {
        throw new GroupSourceException("nothing came for " + SILENCE_SECONDS_MAX + " s");
      }
      StreamGroupResponse part = item.part();
      if (part == null) {
        throw item.fault() == null
            ? new GroupSourceException("the stream ended too early")
            : new GroupSourceException("the stream broke: " + item.fault(), item.fault());
      }
      ClientCallStreamObserver<StreamGroupRequest> open = call;
      if (open != null) {
        open.request(1);
      }
      return part;
    }

    void cancel() {
      ClientCallStreamObserver<StreamGroupRequest> open = call;
      if (open != null) {
        open.cancel("what was needed has been taken", null);
      }
    }

    @Override
    public void onNext(StreamGroupResponse part) {
      items.add(new Item(part, null));
    }

    @Override
    public void onError(Throwable fault) {
      items.add(new Item(null, fault));
    }

    @Override
    public void onCompleted() {
      items.add(new Item(null, null));
    }
  }
}
