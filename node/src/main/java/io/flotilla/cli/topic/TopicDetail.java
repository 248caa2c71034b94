package io.flotilla.cli.topic;

import io.flotilla.cli.output.Doc;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A topic with its partitions, as {@code topic describe} answers. */
@Doc("A topic with its partitions.")
record TopicDetail(
    @Doc("Its name.") String name,
    @Doc("Its id, never used again.") long topicId,
    @Doc("How many partitions.") int partitionCount,
    @Doc("How many replicas each has.") int replicationFactor,
    @Doc("When it was created.") Instant created,
    @Doc("Its partitions, in order.") List<PartitionRow> partitions,
    @Doc("Its settings.") List<SettingRow> settings) {

  /** One setting. */
  @Doc("A setting.")
  record SettingRow(
      @Doc("Its name.") String name,
      @Doc("Its value in force, as --set takes it.") String value,
      @Doc("Who says so: topic or default.") String source) {}

  /** One partition. */
  @Doc("A partition.")
  record PartitionRow(
      @Doc("Its number.") int partition,
      @Doc("The Raft group that carries it.") long group,
      @Doc("The nodes that hold a replica; the first is the preferred leader.")
          List<Integer> replicas,
      @Doc("The node that leads; null when none is known.") @Nullable Integer leader,
      @Doc("The term in which it leads.") @Nullable Long term,
      @Doc("The first offset that is kept; null when nobody could say.") @Nullable Long logStart,
      @Doc("The offset that the next event gets; null when nobody could say.")
          @Nullable Long end) {}
}
