package io.flotilla.cli.bench;

import io.flotilla.cli.output.Doc;
import io.flotilla.cli.output.Text;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code bench end-to-end} answers. */
@Doc("How long events take from when they were due until a reader has them.")
record EndToEndFigures(
    @Doc("The topic.") String topic,
    @Doc("Events a second that were due.") long rate,
    @Doc("Events acknowledged while it was measured.") long acknowledged,
    @Doc("Events that readers received while it was measured.") long received,
    @Doc("Events that failed, warm-up included.") long failed,
    @Doc("From when an event was due to its acknowledgement.") Latency acknowledgement,
    @Doc("From when an event was due until a reader had it.") Latency delivery,
    @Doc("The nodes; null: not all of them are on this machine.") @Nullable Cost nodes,
    @Doc("This client; null: not to be seen on this system.") @Nullable Cost client) {

  List<String> text() {
    return new Figures()
        .add("due", Text.count(rate) + " events/s to " + topic)
        .add("acknowledged", Text.count(acknowledged))
        .add("received", Text.count(received))
        .add("failed", Text.count(failed))
        .add("to acknowledgement", acknowledgement.text())
        .add("to delivery", delivery.text())
        .costs(nodes, client)
        .lines();
  }
}
