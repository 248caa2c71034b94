package io.flotilla.node.grpc.group;

import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.v1.AssignedPartition;
import io.flotilla.proto.v1.OffsetReset;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the cursors of partitions that are a member's from now on. Confined to the member's serial
 * executor.
 */
final class MemberClaims {

  private static final Logger LOG = LoggerFactory.getLogger(MemberClaims.class);
  private static final Duration ASKING_MAX = Duration.ofSeconds(10);

  /**
   * What became of a claim.
   *
   * @param told what the member is told; null when it must be claimed again
   */
  record Claimed(HeldPartition partition, @Nullable AssignedPartition told) {}

  private final GroupCursors cursors;
  private final CursorCommands commands;
  private final CallScope scope;
  private final Executor serial;
  private final Consumer<List<Claimed>> listener;

  /**
   * @param listener called on the serial executor
   */
  MemberClaims(
      GroupCursors cursors,
      CursorCommands commands,
      CallScope scope,
      Executor serial,
      Consumer<List<Claimed>> listener) {
    this.cursors = cursors;
    this.commands = commands;
    this.scope = scope;
    this.serial = serial;
    this.listener = listener;
  }

  void claim(Collection<HeldPartition> fresh) {
    var unused =
        cursors
            .updateAll(fresh.stream().map(commands::claim).toList(), scope.asking(ASKING_MAX))
            .whenCompleteAsync(
                (results, fault) ->
                    listener.accept(
                        fresh.stream().map(one -> claimed(one, results, fault)).toList()),
                serial);
  }

  private static Claimed claimed(
      HeldPartition one,
      @Nullable Map<PartitionId, GroupCursors.Result> results,
      @Nullable Throwable fault) {
    GroupCursors.Result result = results == null ? null : results.get(one.id());
    AppendOutcome outcome = result == null ? null : result.outcome();
    if (outcome == null) {
      LOG.info(
          "partition is claimed later partition={}: {}",
          one.id(),
          result == null ? fault : result.failure());
      return new Claimed(one, null);
    }
    long start = outcome.getCursor().getOffset();
    AssignedPartition.Builder told =
        AssignedPartition.newBuilder()
            .setTopic(one.topic().name())
            .setTopicId(one.topic().topicId())
            .setPartition(one.id().partition())
            .setGeneration(one.generation())
            .setStartOffset(start);
    if (outcome.hasResetFromOffset()) {
      told.setReset(
          OffsetReset.newBuilder().setFromOffset(outcome.getResetFromOffset()).setToOffset(start));
    }
    return new Claimed(one, told.build());
  }
}
