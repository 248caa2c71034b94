package io.flotilla.node.grpc.group;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.grpc.read.ReadChecks;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.CursorPicture;
import io.flotilla.proto.state.v1.CommitCursor;
import io.flotilla.proto.state.v1.ConsumerGroupCommand;
import io.flotilla.proto.state.v1.ConsumerGroupOutcome;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.CursorState;
import io.flotilla.proto.state.v1.OpenGroup;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.v1.CommitOffsetsRequest;
import io.flotilla.proto.v1.CommitOffsetsResponse;
import io.flotilla.proto.v1.CommittedOffset;
import io.flotilla.proto.v1.FetchOffsetsRequest;
import io.flotilla.proto.v1.FetchOffsetsResponse;
import io.flotilla.proto.v1.OffsetCommit;
import io.flotilla.proto.v1.TopicPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Commits and tells offsets by unary calls. A member's commit needs the partition's leader only,
 * which knows its generation; one without membership first has the coordinator say that the group
 * has no members. Safe.
 */
public final class OffsetCalls {

  private static final int OFFSETS_MAX = 1_000;

  private final Router router;
  private final GroupCursors cursors;
  private final GroupCalls groups;

  public OffsetCalls(Router router, GroupCursors cursors, GroupCalls groups) {
    this.router = router;
    this.cursors = cursors;
    this.groups = groups;
  }

  /** Waits until topics are looked up, so it must run on a call's thread. */
  CompletableFuture<CommitOffsetsResponse> commit(CommitOffsetsRequest request, CallScope scope) {
    check(request);
    List<Wanted> all = request.getOffsetsList().stream().map(this::wanted).toList();
    if (all.stream().noneMatch(Wanted::isManual)) {
      return commit(request.getGroup(), all, ConsumerGroupOutcome.getDefaultInstance(), scope);
    }
    return open(request.getGroup(), scope)
        .thenApply(generations -> new Opened(all, generations))
        .exceptionally(fault -> Opened.without(all, StatusMapper.refusal(fault)))
        .thenCompose(open -> commit(request.getGroup(), open.wanted, open.generations, scope));
  }

  /** What may be committed once the coordinator has said whether the group has members. */
  private record Opened(List<Wanted> wanted, ConsumerGroupOutcome generations) {
    static Opened without(List<Wanted> all, FlotillaException refusal) {
      return new Opened(
          all.stream().map(one -> one.unlessManual(refusal)).toList(),
          ConsumerGroupOutcome.getDefaultInstance());
    }
  }

  /**
   * One offset of a request.
   *
   * @param id null when it is refused
   * @param refusal null when it is not refused
   */
  private record Wanted(
      OffsetCommit commit,
      TopicPartition name,
      @Nullable PartitionId id,
      @Nullable FlotillaException refusal) {

    boolean isManual() {
      return commit.getGeneration() == 0 && id != null;
    }

    Wanted unlessManual(FlotillaException why) {
      return isManual() ? new Wanted(commit, name, null, why) : this;
    }
  }

  private Wanted wanted(OffsetCommit one) {
    TopicPartition name =
        TopicPartition.newBuilder()
            .setTopic(one.getTopic())
            .setTopicId(one.getTopicId())
            .setPartition(one.getPartition())
            .build();
    try {
      TopicInfo topic = router.topic(one.getTopic(), one.getTopicId());
      PartitionId id = router.partition(topic, one.getPartition());
      return new Wanted(one, name.toBuilder().setTopicId(topic.topicId()).build(), id, null);
    } catch (FlotillaException e) {
      return new Wanted(one, name, null, e);
    }
  }

  private static void check(CommitOffsetsRequest request) {
    JoinChecks.group(request.getGroup());
    int count = request.getOffsetsCount();
    if (count < 1 || count > OFFSETS_MAX) {
      throw FlotillaException.invalid("offsets must be 1 to " + OFFSETS_MAX + ", were " + count);
    }
    Set<String> named = new HashSet<>();
    for (OffsetCommit one : request.getOffsetsList()) {
      ReadChecks.topicId(one.getTopicId());
      if (one.getOffset() < 0 || one.getGeneration() < 0 || one.getPartition() < 0) {
        throw FlotillaException.invalid(
            "offset, generation and partition must not be negative, were "
                + one.getOffset()
                + ", "
                + one.getGeneration()
                + " and "
                + one.getPartition());
      }
      if (!named.add(one.getTopic() + "/" + one.getPartition())) {
        throw FlotillaException.invalid(
            "partition " + one.getPartition() + " of " + one.getTopic() + " is named twice");
      }
    }
  }

  /** Makes the group if there is none; GROUP_NOT_EMPTY while it has members. */
  private CompletableFuture<ConsumerGroupOutcome> open(String group, CallScope scope) {
    ConsumerGroupCommand command =
        ConsumerGroupCommand.newBuilder()
            .setGroup(group)
            .setOpen(OpenGroup.getDefaultInstance())
            .build();
    return groups.make(group, scope).thenCompose(made -> groups.propose(command, scope));
  }

  private CompletableFuture<CommitOffsetsResponse> commit(
      String group, List<Wanted> all, ConsumerGroupOutcome generations, CallScope scope) {
    List<GroupCursors.CursorUpdate> updates = new ArrayList<>();
    for (Wanted one : all) {
      if (one.id() != null) {
        updates.add(
            new GroupCursors.CursorUpdate(
                one.id(), command(group, one.commit(), generations), null));
      }
    }
    return cursors
        .updateAll(updates, scope)
        .thenApply(
            results -> {
              CommitOffsetsResponse.Builder response = CommitOffsetsResponse.newBuilder();
              for (Wanted one : all) {
                GroupCursors.Result result = one.id() == null ? null : results.get(one.id());
                response.addResults(CursorCommands.answer(one.name(), result, one.refusal()));
              }
              return response.build();
            });
  }

  private static CursorCommand command(
      String group, OffsetCommit one, ConsumerGroupOutcome generations) {
    boolean member = one.getGeneration() > 0;
    return CursorCommand.newBuilder()
        .setGroup(group)
        .setGeneration(member ? one.getGeneration() : generations.getGeneration())
        .setBornGeneration(member ? 0 : generations.getBornGeneration())
        .setCommit(CommitCursor.newBuilder().setOffset(one.getOffset()).setClaimed(member))
        .build();
  }

  CompletableFuture<FetchOffsetsResponse> fetch(FetchOffsetsRequest request, CallScope scope) {
    JoinChecks.group(request.getGroup());
    ReadChecks.topicId(request.getTopicId());
    TopicInfo topic = router.topic(request.getTopic(), request.getTopicId());
    List<Integer> partitions = ReadChecks.partitions(request.getPartitionsList(), topic);
    List<PartitionId> ids =
        partitions.stream().map(partition -> router.partition(topic, partition)).toList();
    return groups
        .read(request.getGroup(), false, scope)
        .thenCompose(
            picture ->
                cursors.read(
                    request.getGroup(),
                    GroupDescriber.state(picture).getBornGeneration(),
                    ids,
                    scope))
        .exceptionally(OffsetCalls::noneOfNoGroup)
        .thenApply(known -> told(topic, ids, known));
  }

  /** A group that is not there has committed nothing. */
  private static Map<PartitionId, CursorPicture> noneOfNoGroup(Throwable fault) {
    FlotillaException why = StatusMapper.refusal(fault);
    if (why.reason() == ErrorReason.ERROR_REASON_GROUP_NOT_FOUND) {
      return Map.of();
    }
    throw why;
  }

  private static FetchOffsetsResponse told(
      TopicInfo topic, List<PartitionId> ids, Map<PartitionId, CursorPicture> known) {
    FetchOffsetsResponse.Builder response =
        FetchOffsetsResponse.newBuilder().setTopicId(topic.topicId());
    for (PartitionId id : ids) {
      CommittedOffset.Builder offset = CommittedOffset.newBuilder().setPartition(id.partition());
      CursorPicture picture = known.get(id);
      if (picture != null && picture.hasFailure()) {
        throw new CompletionException(StatusMapper.fromFailure(picture.getFailure()));
      }
      if (picture != null && !picture.getCursor().isEmpty()) {
        CursorState cursor = GroupLag.state(picture);
        offset.setOffset(cursor.getOffset()).setCommittedUnixMs(cursor.getCommittedUnixMs());
      }
      response.addOffsets(offset);
    }
    return response.build();
  }
}
