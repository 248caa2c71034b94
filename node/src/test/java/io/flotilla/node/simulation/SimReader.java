package io.flotilla.node.simulation;

import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.StoredBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a partition in order, from any replica, up to what that replica shows. One thread. */
final class SimReader {

  private final World world;
  private @Nullable PartitionId partition;
  private long position;

  SimReader(World world) {
    this.world = world;
  }

  long position() {
    return position;
  }

  /** Reads on, in this partition if it was none, or one that is no more. */
  void read(@Nullable PartitionId wanted, SimNode node, int bytes) {
    PartitionId id = partition;
    if (id == null || world.group(id) == null) {
      id = wanted;
      partition = wanted;
      position = 0;
    }
    if (id != null) {
      readOn(id, node, bytes);
    }
  }

  /** Begins somewhere. */
  void seek(PartitionId id, long offset) {
    partition = id;
    position = offset;
  }

  private void readOn(PartitionId id, SimNode node, int bytes) {
    Long group = world.group(id);
    Replica replica = group == null || !node.isUp() ? null : node.replica(group);
    if (replica == null) {
      return;
    }
    PartitionLedger ledger = world.history().partition(id);
    Replica.Shown shown = replica.shown(id);
    Invariant.O4.holds(
        shown.end() <= ledger.end(),
        "%s: node %d shows up to %d, committed is up to %d",
        id,
        node.id(),
        shown.end(),
        ledger.end());
    List<StoredBatch> batches;
    try {
      batches = new LogReader(node.store(), id).read(position, shown.end(), bytes);
    } catch (FlotillaException e) {
      Invariant.R5.holds(
          e.reason() == ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE && position < shown.start(),
          "%s: reading at %d of %s fails with %s",
          id,
          position,
          shown,
          e);
      position = shown.start();
      ledger.tally().count(Tally.Event.READ_BELOW_START);
      return;
    }
    LogCheck check = new LogCheck(ledger, position);
    batches.forEach(check::add);
    batches.forEach(batch -> ledger.tally().count(Tally.Event.READ));
    if (batches.isEmpty()) {
      check.end(shown.end());
    }
    position = check.next();
  }
}
