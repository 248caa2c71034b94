package io.flotilla.cli.bench;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicDescription;
import io.flotilla.proto.types.v1.ErrorReason;
import picocli.CommandLine.Option;

/** Which topic is measured. Filled by the parser, then only read. */
final class TopicFlags {

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "The topic; it is created if there is none, and stays. Default: bench.")
  String topic = "bench";

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of a topic that is created. Default: 6.")
  int partitions = 6;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "Replicas of a topic that is created. Default: the cluster's.")
  int replicationFactor;

  /** The topic, made if there is none. */
  TopicDescription open(FlotillaClient client) {
    try {
      return client.admin().describeTopic(topic);
    } catch (FlotillaClientException e) {
      if (e.reason() != ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND) {
        throw e;
      }
      return client
          .admin()
          .createTopic(NewTopic.of(topic, partitions).withReplicationFactor(replicationFactor));
    }
  }
}
