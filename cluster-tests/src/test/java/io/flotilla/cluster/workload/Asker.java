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
import java.util.concurrent.TimeUnit;

/**
 * Asks one node about one partition, again and again, what must never go back: where the log begins
 * and ends, how far a group is. It has the node answer by itself, so a leader that was deposed
 * meanwhile would be caught at answering from memory; a question that was sent while the node hung
 * is answered when it wakes up, so none waits for long.
 */
final class Asker extends Client {
  /** Each by an asker of its own: one that waits for an answer must not keep the other waiting. */
  enum Question {
    BOUNDS,
    COMMITS
  }

  /** Each question costs the leader an entry of its log. */
  private static final int PAUSES = 5;

  private static final long ANSWER_MS_MAX = 1_000;

  private final Question question;
  private final int node;
  private final int partition;
  private final Target target;
  private final String group;
  private final History history;

  Asker(
      TestCluster cluster,
      Question question,
      Target target,
      String group,
      int node,
      int partition,
      long seed,
      History history) {
    super(cluster, "asker-of-" + node + "-" + partition, seed, PAUSES * target.pauseMillis());
    this.question = question;
    this.node = node;
    this.partition = partition;
    this.target = target;
    this.group = group;
    this.history = history;
  }

  @Override
  void step() {
    try {
      switch (question) {
        case BOUNDS -> bounds();
        case COMMITS -> commits();
      }
    } catch (StatusRuntimeException e) {
      if (!isPassing(e)) {
        throw e;
      }
    }
  }

  private void bounds() {
    long begin = System.nanoTime();
    long start = offset(StartFrom.START_FROM_EARLIEST);
    long end = offset(StartFrom.START_FROM_LATEST);
    // Each bound is of some moment within: a sound, if loose, account of both.
    history.saw(new Fact.BoundsSeen(partition, start, end, begin, System.nanoTime()));
    if (start > end) {
      history.saw(
          new Fact.Tried(
              Invariant.BOUNDS_NEVER_FALL, start + " behind " + end, true, System.nanoTime()));
    }
  }

  private long offset(StartFrom from) {
    return Wire.direct(wire(node).consumer())
        .withDeadlineAfter(ANSWER_MS_MAX, TimeUnit.MILLISECONDS)
        .listOffsets(
            ListOffsetsRequest.newBuilder()
                .setTopic(target.topic())
                .addPartitions(partition)
                .setPosition(Position.newBuilder().setFrom(from))
                .build())
        .getOffsets(0)
        .getOffset();
  }

  private void commits() {
    long begin = System.nanoTime();
    var answer =
        wire(node)
            .offsets()
            .withDeadlineAfter(ANSWER_MS_MAX, TimeUnit.MILLISECONDS)
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
