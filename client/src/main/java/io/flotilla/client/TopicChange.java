package io.flotilla.client;

import java.util.Set;

/**
 * A change of a topic's settings.
 *
 * @param topic its name
 * @param set what the topic sets from now on
 * @param reset what goes back to the cluster's default
 * @param validateOnly check everything, change nothing
 */
public record TopicChange(
    String topic, TopicSettings set, Set<TopicSettings.Name> reset, boolean validateOnly) {

  public TopicChange {
    reset = Set.copyOf(reset);
  }

  /** Sets, and resets nothing. */
  public static TopicChange of(String topic, TopicSettings set) {
    return new TopicChange(topic, set, Set.of(), false);
  }

  public TopicChange withReset(Set<TopicSettings.Name> names) {
    return new TopicChange(topic, set, names, validateOnly);
  }

  public TopicChange withValidateOnly(boolean only) {
    return new TopicChange(topic, set, reset, only);
  }
}
