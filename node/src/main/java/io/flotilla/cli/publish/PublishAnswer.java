package io.flotilla.cli.publish;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Text;
import java.time.Duration;
import java.util.List;

/** What {@code publish} answers. */
@Doc("What was published. All of it is on the disks of a majority.")
record PublishAnswer(
    @Doc("The topic.") String topic,
    @Doc("Events that were acknowledged.") long events,
    @Doc("Partitions that got some of them.") int partitions,
    @Doc("Bytes of their keys and values.") long bytes,
    @Doc("Time from the first event read to the last acknowledgement.") long elapsedMs) {

  List<String> text() {
    return List.of(
        "published "
            + Text.count(events, "event")
            + " to "
            + topic
            + " ("
            + Text.count(partitions, "partition")
            + ") in "
            + Text.duration(Duration.ofMillis(elapsedMs)));
  }
}
