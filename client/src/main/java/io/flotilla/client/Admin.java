package io.flotilla.client;

import java.time.Duration;
import java.util.List;

/**
 * Manages topics and describes the cluster. Every call blocks at most for the client's request
 * timeout, asks other servers when one does not answer, and fails with a {@link
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
}
