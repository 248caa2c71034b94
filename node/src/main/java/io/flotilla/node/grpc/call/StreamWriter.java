package io.flotilla.node.grpc.call;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a stream's answers. Writes while the transport is ready and keeps the rest, in
 * order; what it keeps is bounded by its owner, which stops reading requests while {@link #behind}.
 * Confined to the stream's serial executor.
 */
public final class StreamWriter<T> {

  private final ServerCallStreamObserver<T> observer;
  private final Deque<T> waiting = new ArrayDeque<>();
  private boolean completeWhenEmpty;
  private @Nullable Throwable failure;
  private boolean ended;

  public StreamWriter(ServerCallStreamObserver<T> observer) {
    this.observer = observer;
  }

  /** Something could be written now without being kept. */
  public boolean ready() {
    return !ended && waiting.isEmpty() && observer.isReady();
  }

  /** Answers wait for the transport. */
  public boolean behind() {
    return !waiting.isEmpty();
  }

  public boolean ended() {
    return ended;
  }

  public void send(T answer) {
    if (ended || completeWhenEmpty) {
      return;
    }
    waiting.add(answer);
    drain();
  }

  /** Writes what waits; called when the transport became ready. */
  public void drain() {
    while (!ended && !waiting.isEmpty() && observer.isReady()) {
      observer.onNext(waiting.remove());
    }
    if (!ended && completeWhenEmpty && waiting.isEmpty()) {
      end();
    }
  }

  /** Ends the stream well, after what waits. */
  public void complete() {
    completeWhenEmpty = true;
    drain();
  }

  /** Ends the stream with a refusal, after what waits. */
  public void fail(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
    complete();
  }

  /** Ends the stream now: one last word, even to a transport that is not ready. */
  public void endWith(T last) {
    if (!ended) {
      waiting.clear();
      observer.onNext(last);
      end();
    }
  }

  /** The other side is gone: drops everything. */
  public void cancelled() {
    ended = true;
    waiting.clear();
  }

  private void end() {
    ended = true;
    if (failure == null) {
      observer.onCompleted();
    } else {
      observer.onError(StatusMapper.refusal(failure));
    }
  }
}
