package io.flotilla.console.page;

import io.flotilla.client.TopicSettings;
import io.flotilla.console.watch.TopicNow;

/** A topic in a list. */
record TopicRow(
    String name,
    int partitions,
    int replicas,
    long events,
    double perSecond,
    long leaderless,
    long incomplete,
    String cleanup,
    long retentionMs) {

  static TopicRow of(TopicNow topic) {
    TopicSettings settings = topic.description().settings();
    return new TopicRow(
        topic.name(),
        topic.description().partitionCount(),
        topic.description().replicationFactor(),
        topic.events(),
        topic.perSecond(),
        topic.leaderless(),
        topic.incomplete(),
        SettingValues.cleanup(settings),
        SettingValues.millis(settings.retentionTime()));
  }
}
