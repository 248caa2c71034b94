package io.flotilla.cluster.workload;

import io.flotilla.cluster.check.Fact;
import io.flotilla.cluster.check.History;
import io.flotilla.cluster.check.Violation.Invariant;
import io.flotilla.cluster.harness.TestCluster;
import io.flotilla.cluster.harness.Wire;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.grpc.StatusRuntimeException;
import java.util.List;

/**
 * Asks one node, again and again, what must never go back: where logs begin and end, how far a
 * group is. It has the node answer by itself, so a leader that was deposed meanwhile would be
 * caught at answering from memory; a question that was sent while the node hung is answered when it
 * wakes up.
 */
final class Asker extends Client {
  private final int node;
  private final Target target;
  private final String group;
  private final History history;

  Asker(TestCluster cluster, Target target, String group, int node, long seed, History history) {
    super(cluster, "asker-of-" + node, seed, target.pauseMillis());
    this.node = node;
    this.target = target;
    this.group = group;
    this.history = history;
  }

  @Override
  void step() {
    int partition = random.nextInt(target.partitions());
    try {
      bounds(partition);
      commits(partition);
    } catch (StatusRuntimeException e) {
      if (!isPassing(e)) {
        throw e;
      }
    }
  }

  private void bounds(int partition) {
    long begin = System.nanoTime();
    long start = offset(partition, StartFrom.START_FROM_EARLIEST);
    long end = offset(partition, StartFrom.START_FROM_LATEST);
    // Each bound is of some moment within: a sound, if loose, account of both.
    history.saw(new Fact.BoundsSeen(partition, start, end, begin, System.nanoTime()));
    if (start > end) {
      history.saw(
          new Fact.Tried(
              Invariant.BOUNDS_NEVER_FALL, start + " behind " + end, true, System.nanoTime()));
    }
  }

  private long offset(int partition, StartFrom from) {
    return Wire.direct(wire(node).consumer())
        .listOffsets(
            ListOffsetsRequest.newBuilder()
                .setTopic(target.topic())
                .addPartitions(partition)
                .setPosition(Position.newBuilder().setFrom(from))
                .build())
        .getOffsets(0)
        .getOffset();
  }

  private void commits(int partition) {
    long begin = System.nanoTime();
    var answer =
        wire(node)
            .offsets()
            .fetchOffsets(
                FetchOffsetsRequest.newBuilder()
                    .setGroup(group)
                    .setTopic(target.topic())
                    .addAllPartitions(List.of(partition))
                    .build());
    if (answer.getOffsetsCount() > 0 && answer.getOffsets(0).hasOffset()) {
      long offset = answer.getOffsets(0).getOffset();
      history.saw(new Fact.CommitSeen(partition, offset, begin, System.nanoTime()));
    }
  }
}
