package io.flotilla.cluster.workload;

import io.flotilla.cluster.check.History;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.proto.types.v1.PartitionOffset;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.ReceivedEvent;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.SubscribeRequest;
import io.flotilla.proto.v1.SubscribeResponse;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * A reader of one partition on the stock stub: a stream of a few seconds from wherever it is, then
 * the next one from another node, which goes on exactly there.
 */
final class PartitionFollower extends Client {
  private static final int FIRST_READER = 100;
  private static final long STREAM_SECONDS = 4;

  private final String topic;
  private final int partition;
  private final History history;
  private volatile long next;

  PartitionFollower(TestCluster cluster, Target target, int partition, long seed, History history) {
    super(cluster, "follower-of-" + partition, seed, target.pauseMillis());
    this.topic = target.topic();
    this.partition = partition;
    this.history = history;
  }

  @Override
  void step() {
    SubscribeRequest request =
        SubscribeRequest.newBuilder()
            .setTopic(topic)
            .addPartitions(partition)
            .setFrom(Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST))
            .addResume(PartitionOffset.newBuilder().setPartition(partition).setOffset(next))
            .build();
    try {
      Iterator<SubscribeResponse> responses =
          anyWire()
              .consumer()
              .withDeadlineAfter(STREAM_SECONDS, TimeUnit.SECONDS)
              .subscribe(request);
      while (!isStopped() && responses.hasNext()) {
        for (ReceivedEvent event : responses.next().getEventsList()) {
          history.read(FIRST_READER + partition, ReplicaDump.seen(event));
          next = event.getOffset() + 1;
        }
      }
    } catch (StatusRuntimeException e) {
      if (!isPassing(e)) {
        throw e;
      }
    }
  }

  /** The next offset that it wants. */
  long next() {
    return next;
  }
}
