package io.flotilla.client;

/**
 * A topic to create.
 *
 * @param name letters, digits, {@code . _ -}; at most 200
 * @param partitions 1 to 5,000; 0: the cluster's default, 1
 * @param replicationFactor 1 to 7; 0: the cluster's default, the smaller of 3 and its nodes
 * @param validateOnly check everything, create nothing
 * @param requestId repeating a request with the same id answers as the first time; empty: the
 *     client chooses one, which covers its own retries
 * @param settings what the topic sets itself; the rest is the cluster's default
 */
public record NewTopic(
    String name,
    int partitions,
    int replicationFactor,
    boolean validateOnly,
    String requestId,
    TopicSettings settings) {

  /** A topic with the cluster's default of replicas. */
  public static NewTopic of(String name, int partitions) {
    return new NewTopic(name, partitions, 0, false, "", TopicSettings.NONE);
  }

  public NewTopic withReplicationFactor(int replicas) {
    return new NewTopic(name, partitions, replicas, validateOnly, requestId, settings);
  }

  public NewTopic withValidateOnly(boolean only) {
    return new NewTopic(name, partitions, replicationFactor, only, requestId, settings);
  }

  public NewTopic withRequestId(String id) {
    return new NewTopic(name, partitions, replicationFactor, validateOnly, id, settings);
  }

  public NewTopic withSettings(TopicSettings own) {
    return new NewTopic(name, partitions, replicationFactor, validateOnly, requestId, own);
  }
}
