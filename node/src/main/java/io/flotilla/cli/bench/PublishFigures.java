package io.flotilla.cli.bench;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code bench publish} and {@code bench latency} answer. */
@Doc("How much was published, and how late it was acknowledged by a majority's disks.")
record PublishFigures(
    @Doc("The topic.") String topic,
    @Doc("Events acknowledged while it was measured.") long events,
    @Doc("Events that failed, warm-up included.") long failed,
    @Doc("How much a second.") Throughput throughput,
    @Doc("From when an event was due (with a rate) or handed over, to its acknowledgement.")
        Latency latency,
    @Doc("The nodes; null: not all of them are on this machine.") @Nullable Cost nodes,
    @Doc("This client; null: not to be seen on this system.") @Nullable Cost client) {

  static PublishFigures of(String topic, Load load, Measurement.Result result) {
    return new PublishFigures(
        topic,
        result.events(),
        load.failed(),
        Throughput.of(result.windows()),
        Latency.of(result.times()),
        result.nodes(),
        result.client());
  }

  List<String> text() {
    return new Figures()
        .add("acknowledged", Text.count(events, "event") + " of " + topic)
        .add("failed", Text.count(failed))
        .add("throughput", throughput.text())
        .add("latency", latency.text())
        .costs(nodes, client)
        .lines();
  }
}
