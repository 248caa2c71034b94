package io.flotilla.node.grpc.group;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.proto.internal.v1.CursorPicture;
import io.flotilla.proto.state.v1.CursorMark;
import io.flotilla.proto.state.v1.CursorState;
import io.flotilla.proto.v1.GroupPartition;
import io.flotilla.proto.v1.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How far behind a consumer group is in a partition, in events and in time. Stateless. */
final class GroupLag {

  private static final double MS_A_SECOND = 1_000;

  /** Rates over less than this say nothing. */
  private static final long RATE_MS_MIN = 1_000;

  private GroupLag() {}

  /**
   * What is told of a partition.
   *
   * @param owner the member that has it; null = none
   */
  static GroupPartition partition(
      TopicPartition name, @Nullable String owner, CursorPicture picture) {
    GroupPartition.Builder told =
        GroupPartition.newBuilder()
            .setTopic(name.getTopic())
            .setTopicId(name.getTopicId())
            .setPartition(name.getPartition())
            .setMemberId(owner == null ? "" : owner);
    if (picture.hasFailure()) {
      return told.setFailure(picture.getFailure()).build();
    }
    told.setLogStartOffset(picture.getLogStartOffset()).setEndOffset(picture.getEndOffset());
    if (!picture.getCursor().isEmpty()) {
      lag(told, state(picture), picture);
    }
    return told.build();
  }

  static CursorState state(CursorPicture picture) {
    try {
      return CursorState.parseFrom(picture.getCursor());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a cursor that was told cannot be read", e);
    }
  }

  private static void lag(GroupPartition.Builder told, CursorState cursor, CursorPicture picture) {
    // What was trimmed cannot be processed any more.
    long next = Math.max(cursor.getOffset(), picture.getLogStartOffset());
    long lag = Math.max(0, picture.getEndOffset() - next);
    told.setCommittedOffset(cursor.getOffset())
        .setCommittedUnixMs(cursor.getCommittedUnixMs())
        .setLagEvents(lag);
    long oldest = picture.getOldestUnprocessedUnixMs();
    if (lag > 0 && oldest > 0) {
      told.setOldestUnprocessedUnixMs(oldest)
          .setLagMs(Math.max(0, picture.getNowUnixMs() - oldest));
    }
    if (cursor.hasMark()) {
      rates(told, cursor, picture, lag);
    }
  }

  private static void rates(
      GroupPartition.Builder told, CursorState cursor, CursorPicture picture, long lag) {
    CursorMark since = cursor.hasOlderMark() ? cursor.getOlderMark() : cursor.getMark();
    long ms = picture.getNowUnixMs() - since.getTimeUnixMs();
    if (ms < RATE_MS_MIN) {
      return;
    }
    double consumed = Math.max(0, cursor.getOffset() - since.getOffset()) * MS_A_SECOND / ms;
    double published =
        Math.max(0, picture.getEndOffset() - since.getEndOffset()) * MS_A_SECOND / ms;
    told.setConsumedPerSecond(consumed).setPublishedPerSecond(published);
    if (lag > 0) {
      double gain = consumed - published;
      told.setCatchUpMs(gain > 0 ? Math.round(lag / gain * MS_A_SECOND) : -1);
    }
  }
}
