package io.flotilla.node.grpc.group;

import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.state.v1.ClaimCursor;
import io.flotilla.proto.state.v1.CommitCursor;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.CommitResult;
import io.flotilla.proto.v1.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a member has done with its cursors. Confined to the member's serial executor. */
final class CursorCommands {

  private static final Position EARLIEST =
      Position.newBuilder().setFrom(StartFrom.START_FROM_EARLIEST).build();

  private final String group;
  private final Position from;
  private long born;

  /**
   * @param from where to begin without a committed offset
   */
  CursorCommands(String group, Position from) {
    this.group = group;
    this.from = from;
  }

  /** The generation with which the group began. */
  void born(long generation) {
    born = generation;
  }

  GroupCursors.CursorUpdate claim(HeldPartition one) {
    return new GroupCursors.CursorUpdate(
        one.id(),
        command(one).setClaim(ClaimCursor.getDefaultInstance()).build(),
        one.discovered() ? EARLIEST : from);
  }

  GroupCursors.CursorUpdate commit(HeldPartition one, long offset) {
    return new GroupCursors.CursorUpdate(
        one.id(),
        command(one)
            .setCommit(CommitCursor.newBuilder().setOffset(offset).setClaimed(true))
            .build(),
        null);
  }

  private CursorCommand.Builder command(HeldPartition one) {
    return CursorCommand.newBuilder()
        .setGroup(group)
        .setGeneration(one.generation())
        .setBornGeneration(born);
  }

  /** What a member is told of a commit. */
  static CommitResult answer(
      TopicPartition name, GroupCursors.@Nullable Result result, @Nullable Throwable fault) {
    CommitResult.Builder answer =
        CommitResult.newBuilder()
            .setTopic(name.getTopic())
            .setTopicId(name.getTopicId())
            .setPartition(name.getPartition());
    if (result != null && result.outcome() != null) {
      return answer.setCommittedOffset(result.outcome().getCursor().getOffset()).build();
    }
    FlotillaException why = result == null ? null : result.failure();
    if (why == null) {
      why =
          fault == null
              ? new FlotillaException(ErrorReason.ERROR_REASON_INTERNAL, "no result")
              : StatusMapper.refusal(fault);
    }
    return answer.setFailure(StatusMapper.toFailure(why)).build();
  }
}
