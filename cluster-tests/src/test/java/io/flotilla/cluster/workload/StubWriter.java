package io.flotilla.cluster.workload;

import com.google.protobuf.ByteString;
import io.flotilla.cluster.check.Fact;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.History.Invocation;
import io.flotilla.cluster.check.Violation.Invariant;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Event;
import io.flotilla.proto.v1.OpenProducerRequest;
import io.flotilla.proto.v1.ProducerSession;
import io.flotilla.proto.v1.PublishRequest;
import io.flotilla.proto.v1.PublishResponse;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writer on the stock stub: batches by unary calls, one after the other. With an identity it
 * sends a batch again, under the same sequence, until it is answered, opens its name anew from time
 * to time, and now and then tries what must be refused: a sequence with a gap, its old epoch.
 * Without one it never repeats anything.
 */
final class StubWriter extends Client {
  private static final int BATCH_MAX = 4;
  private static final int REOPEN_ONE_IN = 150;
  private static final int GAP_ONE_IN = 40;
  private static final int REPEAT_ONE_IN = 4;
  private static final int GAP = 7;
  private static final long RETRY_MS = 50;
  private static final int PLAIN_WRITERS_MAX = 100;

  private final int id;
  private final String topic;
  private final int partitions;
  private final boolean idempotent;
  private final History history;
  private final Map<Integer, Integer> sequences = new HashMap<>();
  private final Map<Integer, Answered> last = new HashMap<>();
  private @Nullable ProducerSession session;
  private @Nullable ProducerSession before;
  private int written;

  /** A batch, and where it was told that it begins. */
  private record Answered(PublishRequest request, long offset) {}

  StubWriter(
      TestCluster cluster, Target target, int id, boolean idempotent, long seed, History history) {
    super(cluster, "stub-writer-" + id, seed, target.pauseMillis());
    this.id = id;
    this.topic = target.topic();
    this.partitions = target.partitions();
    this.idempotent = idempotent;
    this.history = history;
  }

  @Override
  void step() {
    if (idempotent && (session == null || random.nextInt(REOPEN_ONE_IN) == 0)) {
      reopen();
    }
    if (idempotent && session == null) {
      return;
    }
    int partition = random.nextInt(partitions);
    Answered answered = last.get(partition);
    if (answered != null && random.nextInt(REPEAT_ONE_IN) == 0) {
      repeat(answered);
    }
    write(partition);
    if (idempotent && random.nextInt(GAP_ONE_IN) == 0) {
      tryGap(partition);
    }
    if (before != null && sequences.containsKey(partition)) {
      tryOldEpoch(partition, before);
      before = null;
    }
  }

  private void reopen() {
    try {
      ProducerSession next =
          anyWire()
              .producer()
              .openProducer(OpenProducerRequest.newBuilder().setName(topic + "-" + id).build())
              .getProducer();
      before = session;
      session = next;
      sequences.clear();
      last.clear();
    } catch (StatusRuntimeException e) {
      demandPassing(e);
    }
  }

  private void write(int partition) {
    int count = 1 + random.nextInt(BATCH_MAX);
    List<Invocation> batch = new ArrayList<>();
    PublishRequest.Builder request =
        PublishRequest.newBuilder().setTopic(topic).setPartition(partition);
    for (int i = 0; i < count; i++) {
      String value = id + "/" + written + "/stub";
      request.addEvents(Event.newBuilder().setValue(ByteString.copyFromUtf8(value)));
      batch.add(history.invoke(orderedAs(), written++, value));
    }
    history.together(batch);
    int first = sequences.getOrDefault(partition, 0);
    if (session != null) {
      request.setProducer(session).setFirstSequence(first);
      sequences.put(partition, first + count);
    }
    PublishRequest asked = request.build();
    PublishResponse answer = idempotent ? insist(asked) : once(asked, batch);
    if (answer != null) {
      for (int i = 0; i < count; i++) {
        batch.get(i).acknowledged(partition, answer.getPositions(i).getOffset());
      }
      if (idempotent) {
        last.put(partition, new Answered(asked, answer.getPositions(0).getOffset()));
      }
    } else {
      last.remove(partition);
    }
  }

  /** As if the answer had been lost. */
  private void repeat(Answered answered) {
    try {
      long offset = anyWire().producer().publish(answered.request()).getPositions(0).getOffset();
      String what =
          "writer " + id + ": a batch at " + answered.offset() + ", repeated, is at " + offset;
      boolean elsewhere = offset != answered.offset();
      history.saw(new Fact.Tried(Invariant.REPEAT_IS_THE_SAME, what, elsewhere, System.nanoTime()));
    } catch (StatusRuntimeException e) {
      demandPassing(e);
    }
  }

  /** Only an identity has its writes kept in order; without one each stands for itself. */
  private int orderedAs() {
    return idempotent ? id : -(written * PLAIN_WRITERS_MAX + id);
  }

  private @Nullable PublishResponse insist(PublishRequest request) {
    do {
      try {
        return anyWire().producer().publish(request);
      } catch (StatusRuntimeException e) {
        demandPassing(e);
      }
    } while (!pause(RETRY_MS));
    session = null; // Whether the last batch was written is not known: never go on behind it.
    return null;
  }

  private @Nullable PublishResponse once(PublishRequest request, List<Invocation> batch) {
    try {
      return anyWire().producer().publish(request);
    } catch (StatusRuntimeException e) {
      demandPassing(e);
      if (isDefinite(Refusal.from(e).reason())) {
        batch.forEach(Invocation::failed);
      }
      return null;
    }
  }

  private static boolean isDefinite(ErrorReason reason) {
    return reason == ErrorReason.ERROR_REASON_DISK_FULL
        || reason == ErrorReason.ERROR_REASON_THROTTLED;
  }

  private void tryGap(int partition) {
    ProducerSession now = session;
    if (now != null) {
      int sequence = sequences.getOrDefault(partition, 0) + GAP;
      tryForbidden(Invariant.GAP_IS_REFUSED, partition, now, sequence);
    }
  }

  private void tryOldEpoch(int partition, ProducerSession old) {
    tryForbidden(Invariant.OLD_EPOCH_IS_REFUSED, partition, old, 0);
  }

  /** Its value is one that nobody wrote, so it must not turn up either. */
  private void tryForbidden(Invariant invariant, int partition, ProducerSession as, int sequence) {
    String value = "forbidden/" + invariant + "/" + id + "/" + sequence + "/" + System.nanoTime();
    PublishRequest request =
        PublishRequest.newBuilder()
            .setTopic(topic)
            .setPartition(partition)
            .addEvents(Event.newBuilder().setValue(ByteString.copyFromUtf8(value)))
            .setProducer(as)
            .setFirstSequence(sequence)
            .build();
    boolean accepted = false;
    try {
      accepted = anyWire().producer().publish(request).getPositionsCount() > 0;
    } catch (StatusRuntimeException e) {
      if (!isPassing(e)) {
        demandRefused(e);
      }
    }
    history.saw(new Fact.Tried(invariant, value, accepted, System.nanoTime()));
  }

  private static void demandRefused(StatusRuntimeException e) {
    ErrorReason reason = Refusal.from(e).reason();
    if (reason != ErrorReason.ERROR_REASON_SEQUENCE_GAP
        && reason != ErrorReason.ERROR_REASON_PRODUCER_FENCED) {
      throw e;
    }
  }

  private static void demandPassing(StatusRuntimeException e) {
    if (!isPassing(e)) {
      throw e;
    }
  }
}
