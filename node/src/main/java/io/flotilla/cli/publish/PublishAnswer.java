package io.flotilla.cli.publish;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Text;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code publish} answers. */
@Doc("What was published. All of it is on the disks of a majority.")
record PublishAnswer(
    @Doc("The topic.") String topic,
    @Doc("Events that were acknowledged.") long events,
    @Doc("Partitions that got some of them.") int partitions,
    @Doc("Bytes of their keys and values.") long bytes,
    @Doc("Time from the first event read to the last acknowledgement.") long elapsedMs,
    @Doc("The partition of the event; null when there were several.") @Nullable Integer partition,
    @Doc("Its offset there; null when there were several.") @Nullable Long offset,
    @Doc("The topic was not there and was created.") boolean topicCreated) {

  List<String> text() {
    String where =
        offset == null
            ? " (" + Text.count(partitions, "partition") + ")"
            : " at " + partition + "@" + offset;
    return List.of(
        "published "
            + Text.count(events, "event")
            + " to "
            + topic
            + where
            + " in "
            + Text.duration(Duration.ofMillis(elapsedMs)));
  }
}
