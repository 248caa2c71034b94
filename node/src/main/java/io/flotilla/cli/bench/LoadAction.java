package io.flotilla.cli.bench;

import io.flotilla.cli.command.ClusterAction;
import picocli.CommandLine.ArgGroup;

/** A measurement that publishes to a topic: where, what, for how long. Confined as its base is. */
abstract class LoadAction extends ClusterAction {

  @ArgGroup(validate = false, heading = "%nTopic:%n", order = 70)
  TopicFlags where = new TopicFlags();

  @ArgGroup(validate = false, heading = "%nEvents:%n", order = 75)
  EventFlags what = new EventFlags();

  @ArgGroup(validate = false, heading = "%nTime:%n", order = 80)
  TimeFlags time = new TimeFlags();

  @Override
  protected final String topic() {
    return where.topic;
  }

  @Override
  protected final String intent() {
    return "measure publishing to \"" + where.topic + "\"";
  }
}
