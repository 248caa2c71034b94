package io.flotilla.node.simulation;

import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.core.log.Machine;
import io.flotilla.node.core.log.RetentionLimits;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.Compact;
import io.flotilla.proto.state.v1.PartitionCommand;
import org.jspecify.annotations.Nullable;

/** What leaders do about old events, decided by what their replica holds. One thread. */
final class Cleaner {

  private static final int STEP_BYTES = 64 << 10;

  private final World world;

  Cleaner(World world) {
    this.world = world;
  }

  void retain(@Nullable PartitionId id) {
    SimNode leader = id == null ? null : world.leader(id);
    TopicInfo topic = id == null ? null : world.image().topic(id.topicId());
    if (id != null && leader != null && topic != null) {
      RetentionLimits limits = new RetentionLimits(topic.settings().getRetentionMs(), -1);
      LogReader reader = new LogReader(leader.store(), id);
      long point = reader.trimPoint(limits, world.cluster().nowMs());
      if (point > reader.state().getLogStartOffset()) {
        world.propose(Machine.trimOf(id, point), 0, Proposal.NOBODY);
      }
    }
  }

  /** A step up to somewhere below what the leader has. */
  void compact(@Nullable PartitionId id, int where) {
    SimNode leader = id == null ? null : world.leader(id);
    TopicInfo topic = id == null ? null : world.image().topic(id.topicId());
    if (id == null || leader == null || topic == null || !topic.compacts()) {
      return;
    }
    long end = new LogReader(leader.store(), id).state().getNextOffset();
    long back = where % 8 == 0 ? where % (end + 1) : where % 50;
    long nowMs = world.cluster().nowMs();
    Compact step =
        Compact.newBuilder()
            .setUpToOffset(Math.max(0, end - back))
            .setTimeUnixMs(nowMs)
            .setTombstonesExpireUnixMs(nowMs + topic.settings().getTombstoneRetentionMs())
            .setBytesMax(STEP_BYTES)
            .build();
    world.propose(
        PartitionCommand.newBuilder().setPartitionId(id.toLong()).setCompact(step).build(),
        0,
        Proposal.NOBODY);
  }
}
