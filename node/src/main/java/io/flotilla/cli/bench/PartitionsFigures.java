package io.flotilla.cli.bench;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Text;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code bench partitions} answers. */
@Doc("How fast partitions came and went, and what they cost at rest.")
record PartitionsFigures(
    @Doc("Partitions that were created.") int partitions,
    @Doc("Topics that they belonged to.") int topics,
    @Doc("Replicas of each.") int replicationFactor,
    @Doc("Until all of them were created and led.") long ledMs,
    @Doc("Until all their topics were deleted.") long deletedMs,
    @Doc("The nodes at rest before; null: not all of them are on this machine.")
        @Nullable Cost before,
    @Doc("The nodes at rest with the partitions; null: not all of them are on this machine.")
        @Nullable Cost with) {

  List<String> text() {
    Figures figures =
        new Figures()
            .add(
                "partitions",
                Text.count(partitions)
                    + " in "
                    + Text.count(topics, "topic")
                    + ", replication factor "
                    + replicationFactor)
            .add("created and led", Text.duration(Duration.ofMillis(ledMs)))
            .add("deleted", Text.duration(Duration.ofMillis(deletedMs)));
    if (before != null && with != null) {
      figures.add("nodes at rest before", before.text()).add("nodes at rest then", with.text());
    }
    return figures.lines();
  }
}
