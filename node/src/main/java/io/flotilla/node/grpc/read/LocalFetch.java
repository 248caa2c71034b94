package io.flotilla.node.grpc.read;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.partition.ReadResult;
import io.flotilla.node.partition.Waiter;
import io.flotilla.proto.v1.FetchStreamResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One fetch from the replica on this node: stored batches as they are, nothing kept in between.
 * Confined.
 */
final class LocalFetch implements FetchSource {

  private final int fetchId;
  private final Partition partition;
  private final Runnable signal;
  private final Delivery delivery;
  private long position;
  private boolean first = true;
  private boolean told;
  private boolean waiting;
  private @Nullable Waiter waiter;

  /**
   * @param signal run, on any thread, when there is more after {@link #next} found nothing
   */
  LocalFetch(int fetchId, Partition partition, long position, Runnable signal) {
    this.fetchId = fetchId;
    this.partition = partition;
    this.delivery = new Delivery(partition.traffic());
    this.position = position;
    this.signal = signal;
  }

  @Override
  public @Nullable FetchStreamResponse next(int bytesMax) {
    if (partition.closed()) {
      throw FlotillaException.notLeader(
          "the replica of partition " + partition.id() + " on this node was closed", null);
    }
    ReadResult read = partition.read(position, bytesMax);
    delivery.batches(read.batches());
    boolean caughtUp = read.nextOffset() >= read.highWatermark();
    if (read.batches().isEmpty() && told && read.nextOffset() == position) {
      await();
      return null;
    }
    FetchStreamResponse.Builder response =
        FetchStreamResponse.newBuilder()
            .setFetchId(fetchId)
            .setTopicId(partition.id().topicId())
            .addAllBatches(read.batches())
            .setHighWatermark(read.highWatermark())
            .setLogStartOffset(read.logStartOffset())
            .setCaughtUp(caughtUp);
    if (first) {
      response.setStartedAt(position);
      first = false;
    }
    position = read.nextOffset();
    told = caughtUp;
    return response.build();
  }

  /** The signal has come. */
  void woken() {
    waiting = false;
  }

  @Override
  public boolean mayHaveMore() {
    return !waiting;
  }

  @Override
  public Set<Integer> fetchIds() {
    return Set.of(fetchId);
  }

  @Override
  public void remove(int removed) {
    close();
  }

  @Override
  public void close() {
    Waiter registered = waiter;
    if (registered != null) {
      registered.cancel();
    }
  }

  private void await() {
    if (!waiting) {
      waiting = true;
      waiter = partition.awaitBeyond(position, signal);
    }
  }
}
