package io.flotilla.node.partition;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.state.v1.AppendBatch;
import io.flotilla.proto.state.v1.AppendOutcome;
import java.util.Map;

/** Why the log did not take a batch, for its producer. Stateless. */
final class AppendRefusal {

  private AppendRefusal() {}

  static FlotillaException of(PartitionId id, AppendBatch batch, AppendOutcome outcome) {
    return new FlotillaException(
        outcome.getError(),
        "producer "
            + batch.getProducerId()
            + " epoch "
            + batch.getProducerEpoch()
            + " sequence "
            + batch.getFirstSequence()
            + " in partition "
            + id
            + ": expected sequence "
            + outcome.getExpectedSequence()
            + " of epoch "
            + outcome.getCurrentEpoch(),
        Map.of(
            "expected_sequence", Integer.toString(outcome.getExpectedSequence()),
            "current_epoch", Integer.toString(outcome.getCurrentEpoch())),
        null,
        null);
  }
}
