package io.flotilla.cli.top;

import io.flotilla.cli.output.Doc;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code top} shows at one moment. Rates are null until there were two moments. */
@Doc("The cluster at one moment. Rates are null in the first sample.")
record TopSample(
    @Doc("When it was taken.") Instant time,
    @Doc("The cluster's id.") String clusterId,
    @Doc("The nodes, by id.") List<NodeRow> nodes,
    @Doc("The topics with the most events a second, at most ten.") List<TopicRow> topics,
    @Doc("How many topics there are.") int topicCount,
    @Doc("Not all replicas were told, so that figures of topics and nodes are too low.")
        boolean truncated,
    @Doc("The groups whose oldest event waits longest, at most ten.") List<GroupRow> groups,
    @Doc("How many groups there are.") int groupCount,
    @Doc("How many of them were asked for this sample; the others are as they were before.")
        int groupsAsked) {

  /** One node. */
  @Doc("A node.")
  record NodeRow(
      @Doc("Its id.") int node,
      @Doc("Host and client port.") String address,
      @Doc("up, unreachable or unknown.") String state,
      @Doc("How many partitions it leads.") int leaders,
      @Doc("How many replicas it holds.") int replicas,
      @Doc("Events a second published to the partitions that it leads.")
          @Nullable Double publishedPerSecond,
      @Doc("How many events its replicas are behind their leaders, all together.") long lagEvents,
      @Doc("Bytes that it can still write; null while it is silent.")
          @Nullable Long diskFreeBytes) {}

  /** One topic. */
  @Doc("A topic.")
  record TopicRow(
      @Doc("Its name.") String topic,
      @Doc("How many of its partitions were told.") int partitions,
      @Doc("Offsets that are kept, all partitions together.") long events,
      @Doc("Events a second published to it.") @Nullable Double publishedPerSecond) {}

  /** One group. */
  @Doc("A consumer group.")
  record GroupRow(
      @Doc("Its name.") String group,
      @Doc("empty, stable, rebalancing or unknown.") String state,
      @Doc("How many members.") int members,
      @Doc("Events that it has not committed.") long lagEvents,
      @Doc("How long the oldest of them has been waiting.") long lagMs,
      @Doc("Events a second that it commits, of late.") double consumedPerSecond,
      @Doc("At these rates the lag will not go in some partition.") boolean fallingBehind) {}
}
