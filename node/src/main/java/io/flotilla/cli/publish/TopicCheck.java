package io.flotilla.cli.publish;

import io.flotilla.cli.output.Terminal;
import io.flotilla.cli.output.Text;
import io.flotilla.client.Admin;
import io.flotilla.client.FlotillaClientException;
import io.flotilla.client.NewTopic;
import io.flotilla.client.TopicDescription;
import io.flotilla.proto.types.v1.ErrorReason;

/**
 * Makes sure before anything is sent that the topic is there, so that a wrong name or address fails
 * early and within {@code --timeout}. Where nodes run for development a topic that is missing is
 * created, and that is said. Stateless.
 */
final class TopicCheck {

  private TopicCheck() {}

  /** True when it was created. */
  static boolean demand(Admin admin, String topic, Terminal terminal) {
    try {
      admin.describeTopic(topic);
      return false;
    } catch (FlotillaClientException e) {
      if (!is(e, ErrorReason.ERROR_REASON_TOPIC_NOT_FOUND)
          || !admin.describeCluster(false).topicAutoCreate()) {
        throw e;
      }
    }
    try {
      TopicDescription made = admin.createTopic(NewTopic.of(topic, 0));
      terminal.note(
          "note: created topic "
              + topic
              + " with "
              + Text.count(made.partitionCount(), "partition")
              + ", as these nodes are for development (topics.auto-create)");
      return true;
    } catch (FlotillaClientException e) {
      if (is(e, ErrorReason.ERROR_REASON_TOPIC_EXISTS)) {
        return false; // Another publisher was faster.
      }
      throw e;
    }
  }

  private static boolean is(FlotillaClientException e, ErrorReason reason) {
    return e.reason() == reason;
  }
}
