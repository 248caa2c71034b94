package io.flotilla.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Manages topics and consumer groups, and describes the cluster. Every call blocks at most for the
 * client's request timeout, asks other servers when one does not answer, and fails with a {@link
 * FlotillaClientException}. Safe for many threads.
 */
public interface Admin {

  /** As an offset: the end of the log. */
  long END = -1;

  /**
   * Creates a topic, and waits within the request timeout until its partitions have leaders. Safe
   * to repeat: without a request id of the caller's the client chooses one.
   */
  TopicDescription createTopic(NewTopic topic);

  /** All topics by name, without their partitions. */
  List<TopicDescription> listTopics();

  /** The topics whose names begin with the prefix, without their partitions. */
  List<TopicDescription> listTopics(String prefix);

  /** A topic with its partitions. */
  TopicDescription describeTopic(String topic);

  /**
   * Changes settings of a topic while it runs; the topic as it is then, without its partitions.
   * Safe to repeat.
   */
  TopicDescription alterTopic(TopicChange change);

  /**
   * Deletes the events of a partition before an offset, on all replicas and for good. Safe to
   * repeat. Returns the first offset that is kept.
   *
   * @param beforeOffset 0 to the end of the log; {@link #END} = all events that there are
   */
  long trimPartition(String topic, int partition, long beforeOffset);

  /**
   * Makes a node's replica the preferred leader of a partition, for good, and hands leadership to
   * it as soon as it is fit; waits for that, within the request timeout, for 10 s at most. Safe to
   * repeat. INVALID_ARGUMENT: the node has no replica of it.
   *
   * @param dryRun check everything, change nothing
   */
  LeaderMove moveLeader(String topic, int partition, int nodeId, boolean dryRun);

  /**
   * Deletes a topic; its name is free afterwards. Returns the id it had. When the connection is
   * lost on the way the exception's kind is UNKNOWN: look with {@link #describeTopic}.
   */
  long deleteTopic(String topic);

  /** The cluster; with replicas, every node is asked for the state of its own. */
  ClusterDescription describeCluster(boolean includeReplicas);

  /**
   * Compares all replicas of a partition byte by byte, from log start to its end at the time of the
   * call, and checks every batch; writing goes on meanwhile. Blocks until it is done, at most for
   * the time given instead of the request timeout. Begins anew when the server that does it goes.
   */
  PartitionVerification verifyPartition(
      String topic, int partition, Duration within, PartitionVerification.Progress progress);

  /** The offset of a position in every partition of a topic. */
  List<PartitionOffsetInfo> listOffsets(String topic, StartPosition position);

  /** All consumer groups by name, without their members and partitions. */
  default List<GroupDescription> listGroups() {
    return listGroups("");
  }

  /** The consumer groups whose names begin with the prefix, without members and partitions. */
  List<GroupDescription> listGroups(String prefix);

  /** A consumer group with its members, how far it is in each partition, and what happened last. */
  GroupDescription describeGroup(String group);

  /**
   * Moves what a group that has no members has committed in a topic; where it was and is then. Safe
   * to repeat. GROUP_NOT_EMPTY: stop its members first.
   *
   * @param partitions which ones; empty: all
   * @param to where to; a time beyond the last event is the end
   * @param dryRun check and tell everything, change nothing
   */
  List<GroupReset> resetGroup(
      String group, String topic, List<Integer> partitions, StartPosition to, boolean dryRun);

  /** Deletes a group that has no members, with what it has committed. */
  default void deleteGroup(String group) {
    deleteGroup(group, false);
  }

  /**
   * As {@link #deleteGroup(String)}. When the connection is lost on the way the exception's kind is
   * UNKNOWN: look with {@link #describeGroup}.
   *
   * @param dryRun check everything, delete nothing
   */
  void deleteGroup(String group, boolean dryRun);

  /**
   * Commits offsets, each the next event to process, for those who share partitions out themselves.
   * GROUP_NOT_EMPTY while the group has members. A lower offset than is committed changes nothing.
   * Safe to repeat; one that is refused does not keep the others from being committed.
   */
  void commitOffsets(String group, Map<TopicPartition, Long> offsets);

  /** What a group has committed in each partition of a topic. */
  List<CommittedOffset> committedOffsets(String group, String topic);
}
