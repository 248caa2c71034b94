package io.flotilla.client.toy;

import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.EventBatch;
import io.flotilla.proto.types.v1.StoredBatch;
import io.flotilla.proto.v1.ProducerSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One partition: batches with offsets, and what each producer has written. Guarded by itself. */
final class ToyLog {

  private static final int KEPT = 5;

  /** What append answers: an offset, or a reason. */
  record Verdict(long firstOffset, boolean duplicate, @Nullable ErrorReason reason) {}

  private record Kept(int first, int last, long offset) {}

  private static final class Writer {
    int epoch;
    int lastSequence;
    final ArrayDeque<Kept> kept = new ArrayDeque<>();
  }

  private final List<StoredBatch> batches = new ArrayList<>();
  private final Map<Long, Writer> writers = new HashMap<>();
  private long end;
  private long start;

  synchronized Verdict append(ProducerSession by, int first, EventBatch batch) {
    int last = (first + batch.getEventCount() - 1) & Integer.MAX_VALUE;
    Writer writer = writers.get(by.getProducerId());
    if (writer != null && by.getEpoch() < writer.epoch) {
      return refused(ErrorReason.ERROR_REASON_PRODUCER_FENCED);
    }
    if (writer != null && by.getEpoch() == writer.epoch) {
      for (Kept kept : writer.kept) {
        if (kept.first() == first && kept.last() == last) {
          return new Verdict(kept.offset(), true, null);
        }
      }
      if (first != ((writer.lastSequence + 1) & Integer.MAX_VALUE)) {
        return refused(
            first <= writer.lastSequence
                ? ErrorReason.ERROR_REASON_DUPLICATE_TOO_OLD
                : ErrorReason.ERROR_REASON_SEQUENCE_GAP);
      }
    } else if (writer != null && first != 0) {
      return refused(ErrorReason.ERROR_REASON_SEQUENCE_GAP);
    }
    if (writer == null || by.getEpoch() > writer.epoch) {
      writer = new Writer();
      writer.epoch = by.getEpoch();
      writers.put(by.getProducerId(), writer);
    }
    writer.lastSequence = last;
    writer.kept.addLast(new Kept(first, last, end));
    if (writer.kept.size() > KEPT) {
      writer.kept.removeFirst();
    }
    long offset = end;
    batches.add(
        StoredBatch.newBuilder()
            .setBaseOffset(offset)
            .setAppendTimeUnixMs(System.currentTimeMillis())
            .setBatch(batch)
            .setProducerId(by.getProducerId())
            .setFirstSequence(first)
            .build());
    end += batch.getEventCount();
    notifyAll();
    return new Verdict(offset, false, null);
  }

  private static Verdict refused(ErrorReason reason) {
    return new Verdict(-1, false, reason);
  }

  synchronized long end() {
    return end;
  }

  synchronized long start() {
    return start;
  }

  synchronized void trim(long before) {
    start = before;
    batches.removeIf(b -> b.getBaseOffset() + b.getBatch().getEventCount() <= before);
  }

  /** Flips a byte of the payload of the batch that holds the offset. */
  synchronized void damage(long offset) {
    for (int i = 0; i < batches.size(); i++) {
      StoredBatch stored = batches.get(i);
      if (stored.getBaseOffset() + stored.getBatch().getEventCount() > offset) {
        byte[] payload = stored.getBatch().getPayload().toByteArray();
        payload[payload.length - 1] ^= 1;
        batches.set(
            i,
            stored.toBuilder()
                .setBatch(
                    stored.getBatch().toBuilder()
                        .setPayload(com.google.protobuf.ByteString.copyFrom(payload)))
                .build());
        return;
      }
    }
  }

  /** The batch that holds the offset or follows it; null at the end. */
  synchronized @Nullable StoredBatch at(long offset) {
    for (StoredBatch stored : batches) {
      if (stored.getBaseOffset() + stored.getBatch().getEventCount() > offset) {
        return stored;
      }
    }
    return null;
  }

  synchronized List<StoredBatch> all() {
    return new ArrayList<>(batches);
  }
}
