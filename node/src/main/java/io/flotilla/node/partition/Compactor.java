package io.flotilla.node.partition;

import io.flotilla.node.core.log.CompactionPlan;
import io.flotilla.node.core.log.CompactionRules;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.Compact;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the partitions that this node leads compacted, when it is worth it: proposes step after step,
 * the next one when the last was applied, until nothing is left to do. Rounds of several partitions
 * go on side by side. Safe; a round that breaks off with the leadership is gone on with by the next
 * leader.
 */
final class Compactor {

  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  /** What a step reads, about: it holds up the partition's appends for some milliseconds. */
  private static final int STEP_BYTES = 256 << 10;

  private record Round(Partition partition, CompactionRules rules, long upTo, long nowMs) {
    Compact step() {
      return Compact.newBuilder()
          .setUpToOffset(upTo)
          .setTimeUnixMs(nowMs)
          .setTombstonesExpireUnixMs(nowMs + rules.tombstoneRetentionMs())
          .setBytesMax(STEP_BYTES)
          .build();
    }
  }

  private final Map<PartitionId, Round> running = new ConcurrentHashMap<>();
  private final Executor executor;

  /**
   * @param executor proposes the next step, since the thread that applies must not be held
   */
  Compactor(Executor executor) {
    this.executor = executor;
  }

  /** Begins a round, unless one goes on or none is worth it. */
  void check(Partition partition, CompactionRules rules, long nowMs) {
    CompactionPlan plan = partition.compactionPlan(rules, nowMs);
    Round round = new Round(partition, rules, plan.upTo(), nowMs);
    if (plan.due() && running.putIfAbsent(partition.id(), round) == null) {
      LOG.info("compaction begins partition={} to={}", partition.id(), plan.upTo());
      step(round, removed(partition), System.nanoTime());
    }
  }

  private static long removed(Partition partition) {
    return partition.state().getCompaction().getRemovedEvents();
  }

  private void step(Round round, long removedBefore, long startedNanos) {
    var unused =
        round
            .partition
            .compact(round.step())
            .whenCompleteAsync(
                (more, fault) -> {
                  if (fault == null && more) {
                    step(round, removedBefore, startedNanos);
                    return;
                  }
                  running.remove(round.partition.id());
                  if (fault == null) {
                    LOG.info(
                        "compaction ends partition={} removed={} ms={}",
                        round.partition.id(),
                        removed(round.partition) - removedBefore,
                        (System.nanoTime() - startedNanos) / 1_000_000);
                  } else {
                    LOG.info(
                        "compaction breaks off, and is gone on with later partition={} because={}",
                        round.partition.id(),
                        fault.toString());
                  }
                },
                executor);
  }
}
