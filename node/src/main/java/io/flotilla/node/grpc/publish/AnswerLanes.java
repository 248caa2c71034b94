package io.flotilla.node.grpc.publish;

import io.flotilla.node.trace.TraceSpan;
import io.flotilla.proto.v1.PublishBatch;
import io.flotilla.proto.v1.PublishStreamResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a publish stream that have no answer yet: one lane a partition, so that its
 * answers leave in the order in which its batches came, whoever finishes first. Also counts them
 * against the window. Confined to the stream's serial executor.
 */
final class AnswerLanes {

  private record Lane(String topic, int partition) {}

  /** A batch that waits for its answer. */
  static final class Pending {
    final PublishBatch batch;

    /** What is told of it, if anybody records it. */
    TraceSpan span = TraceSpan.NONE;

    private final Lane lane;
    private final boolean counted;
    private @Nullable PublishStreamResponse answer;

    private Pending(PublishBatch batch, boolean counted) {
      this.batch = batch;
      this.lane = new Lane(batch.getTopic(), batch.getPartition());
      this.counted = counted;
    }

    /** It is within the window that was granted. */
    boolean counted() {
      return counted;
    }
  }

  private final int batchesMax;
  private final long bytesMax;
  private final Consumer<PublishStreamResponse> sink;
  private final Map<Lane, Deque<Pending>> lanes = new HashMap<>();
  private int pending;
  private int batches;
  private long bytes;

  AnswerLanes(int batchesMax, long bytesMax, Consumer<PublishStreamResponse> sink) {
    this.batchesMax = batchesMax;
    this.bytesMax = bytesMax;
    this.sink = sink;
  }

  /** Takes a batch in; counted against the window unless that is used up. */
  Pending take(PublishBatch batch) {
    long size = batch.getSerializedSize();
    boolean fits = batches < batchesMax && (batches == 0 || bytes + size <= bytesMax);
    Pending taken = new Pending(batch, fits);
    if (fits) {
      batches++;
      bytes += size;
    }
    pending++;
    lanes.computeIfAbsent(taken.lane, lane -> new ArrayDeque<>()).add(taken);
    return taken;
  }

  /** Answers a batch; what its lane can now send leaves in order. */
  void answer(Pending answered, PublishStreamResponse answer) {
    answered.answer = answer;
    Deque<Pending> lane = lanes.get(answered.lane);
    while (lane != null && !lane.isEmpty()) {
      PublishStreamResponse next = lane.element().answer;
      if (next == null) {
        return;
      }
      release(lane.remove());
      sink.accept(next);
    }
    lanes.remove(answered.lane);
  }

  /** Batches without an answer, those beyond the window included. */
  int size() {
    return pending;
  }

  /** Bytes of the batches within the window that have no answer. */
  long bytes() {
    return bytes;
  }

  private void release(Pending done) {
    pending--;
    if (done.counted) {
      batches--;
      bytes -= done.batch.getSerializedSize();
    }
  }
}
