package io.flotilla.cli.demo;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the demo ended. */
@Doc("How the demo ended. It is a success when nothing was lost or duplicated.")
record DemoAnswer(
    @Doc("Events handed to the producer.") long published,
    @Doc("Events that the cluster acknowledged.") long acknowledged,
    @Doc("Events that the subscriber received.") long received,
    @Doc("Acknowledged events that were not received at their offset.") long lost,
    @Doc("Events received more than once.") long duplicated,
    @Doc("The longest time between two acknowledgements of a partition.") long longestPauseMs) {

  boolean success() {
    return acknowledged > 0 && lost == 0 && duplicated == 0;
  }

  /** A short table and the last line. */
  List<String> text() {
    List<Map.Entry<String, Long>> rows =
        List.of(
            Map.entry("published", published),
            Map.entry("acknowledged", acknowledged),
            Map.entry("received", received),
            Map.entry("lost", lost),
            Map.entry("duplicated", duplicated),
            Map.entry("longest pause, ms", longestPauseMs));
    Table<Map.Entry<String, Long>> table =
        new Table<Map.Entry<String, Long>>()
            .text("EVENTS", Map.Entry::getKey)
            .number("COUNT", Map.Entry::getValue);
    List<String> lines = new ArrayList<>(table.render(rows, false));
    lines.add(
        "demo: published="
            + published
            + " acknowledged="
            + acknowledged
            + " received="
            + received
            + " lost="
            + lost
            + " duplicated="
            + duplicated
            + " longest-pause-ms="
            + longestPauseMs);
    return lines;
  }
}
