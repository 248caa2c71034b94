package io.flotilla.node.grpc.group;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.read.ReadChecks;
import io.flotilla.node.grpc.read.StartPositions;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.CursorPicture;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.FenceGroup;
import io.flotilla.proto.state.v1.ResetCursor;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.ResetGroupRequest;
import io.flotilla.proto.v1.ResetGroupResponse;
import io.flotilla.proto.v1.ResetPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a consumer group that has no members. First a new generation begins, so that nothing that
 * an old member still commits can undo it; every reset is in the log of the node that did it and in
 * the cursor itself. Safe.
 */
final class GroupReset {

  private static final Logger LOG = LoggerFactory.getLogger(GroupReset.class);

  private final Router router;
  private final GroupCalls calls;
  private final GroupCursors cursors;
  private final StartPositions positions;

  GroupReset(Router router, GroupCalls calls, GroupCursors cursors, Executor executor) {
    this.router = router;
    this.calls = calls;
    this.cursors = cursors;
    this.positions = new StartPositions(router, executor);
  }

  CompletableFuture<ResetGroupResponse> run(ResetGroupRequest request, CallScope scope) {
    JoinChecks.group(request.getGroup());
    ReadChecks.topicId(request.getTopicId());
    ReadChecks.position(request.getTo());
    TopicInfo topic = router.topic(request.getTopic(), request.getTopicId());
    List<Integer> partitions = ReadChecks.partitions(request.getPartitionsList(), topic);
    List<PartitionId> ids =
        partitions.stream().map(partition -> router.partition(topic, partition)).toList();
    return calls
        .read(request.getGroup(), false, scope)
        .thenCompose(
            picture -> {
              GroupAdminService.demandEmpty(picture);
              long born = GroupDescriber.state(picture).getBornGeneration();
              var before = cursors.read(request.getGroup(), born, ids, scope);
              return positions
                  .exact(topic, partitions, request.getTo(), scope)
                  .thenCombine(before, (to, from) -> new Plan(request, topic, ids, to, from))
                  .thenCompose(plan -> carryOut(plan, scope));
            });
  }

  private record Plan(
      ResetGroupRequest request,
      TopicInfo topic,
      List<PartitionId> ids,
      Map<Integer, Long> to,
      Map<PartitionId, CursorPicture> from) {

    long target(PartitionId id) {
      Long offset = to.get(id.partition());
      if (offset == null) {
        throw new FlotillaException(
            ErrorReason.ERROR_REASON_OFFSET_NOT_AVAILABLE,
            "the position in partition " + id.partition() + " is not known");
      }
      return offset;
    }
  }

  private CompletableFuture<ResetGroupResponse> carryOut(Plan plan, CallScope scope) {
    ResetGroupResponse answer = answer(plan);
    if (plan.request.getValidateOnly()) {
      return CompletableFuture.completedFuture(answer);
    }
    ConsumerGroupCommand fence =
        ConsumerGroupCommand.newBuilder()
            .setGroup(plan.request.getGroup())
            .setFence(FenceGroup.getDefaultInstance())
            .build();
    return calls
        .propose(fence, scope)
        .thenCompose(generations -> cursors.updateAll(updates(plan, generations), scope))
        .thenApply(
            results -> {
              results.values().forEach(GroupReset::demand);
              LOG.info(
                  "consumer group reset by request consumerGroup={} topic={} partitions={}",
                  plan.request.getGroup(),
                  plan.topic.name(),
                  answer.getPartitionsList());
              return answer;
            });
  }

  private static void demand(GroupCursors.Result result) {
    FlotillaException why = result.failure();
    if (why != null) {
      throw why;
    }
  }

  private static List<GroupCursors.CursorUpdate> updates(
      Plan plan, ConsumerGroupOutcome generations) {
    List<GroupCursors.CursorUpdate> updates = new ArrayList<>();
    for (PartitionId id : plan.ids) {
      CursorCommand command =
          CursorCommand.newBuilder()
              .setGroup(plan.request.getGroup())
              .setGeneration(generations.getGeneration())
              .setBornGeneration(generations.getBornGeneration())
              .setReset(ResetCursor.newBuilder().setOffset(plan.target(id)))
              .build();
      updates.add(new GroupCursors.CursorUpdate(id, command, null));
    }
    return updates;
  }

  private static ResetGroupResponse answer(Plan plan) {
    ResetGroupResponse.Builder answer =
        ResetGroupResponse.newBuilder().setTopicId(plan.topic.topicId());
    for (PartitionId id : plan.ids) {
      ResetPartition.Builder partition =
          ResetPartition.newBuilder().setPartition(id.partition()).setNewOffset(plan.target(id));
      CursorPicture before = plan.from.get(id);
      if (before != null && !before.getCursor().isEmpty()) {
        partition.setOldOffset(GroupLag.state(before).getOffset());
      }
      answer.addPartitions(partition);
    }
    return answer.build();
  }
}
