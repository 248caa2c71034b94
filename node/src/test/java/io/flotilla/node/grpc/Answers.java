package io.flotilla.node.grpc;

import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Remembers what a stream answers; asks for answers only as told, when it is told so. */
final class Answers<Q, A> implements ClientResponseObserver<Q, A> {

  private final List<A> seen = new CopyOnWriteArrayList<>();
  private final boolean slow;
  private volatile @Nullable ClientCallStreamObserver<Q> call;
  private volatile @Nullable FlotillaException refusal;
  private volatile boolean ended;

  Answers() {
    this(false);
  }

  /** Slow: nothing is taken but what {@link #take} asks for. */
  Answers(boolean slow) {
    this.slow = slow;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> stream) {
    call = stream;
    if (slow) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  @Override
  public void onNext(A answer) {
    seen.add(answer);
  }

  @Override
  public void onError(Throwable thrown) {
    refusal = StatusMapper.fromPeer(thrown);
    ended = true;
  }

  @Override
  public void onCompleted() {
    ended = true;
  }

  void take(int count) {
    ClientCallStreamObserver<Q> open = call;
    if (open != null) {
      open.request(count);
    }
  }

  void cancel() {
    ClientCallStreamObserver<Q> open = call;
    if (open != null) {
      open.cancel("test is over", null);
    }
  }

  List<A> seen() {
    return seen;
  }

  List<A> await(int count) {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> seen.size() >= count || ended);
    return seen;
  }

  List<A> awaitEnd() {
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> ended);
    return seen;
  }

  @Nullable FlotillaException refusal() {
    return refusal;
  }

  /** Why the stream was ended. */
  ErrorReason reason() {
    awaitEnd();
    FlotillaException why = refusal;
    if (why == null) {
      throw new AssertionError("the stream ended well, with " + seen);
    }
    return why.reason();
  }
}
