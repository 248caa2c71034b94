package io.flotilla.node.simulation;

import io.flotilla.node.core.Applied;
import io.flotilla.node.core.StateMachine;
import io.flotilla.node.core.log.LogListener;
import io.flotilla.node.core.log.LogPlace;
import io.flotilla.node.core.log.LogReader;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.proto.state.v1.PartitionState;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A group on a node from when it is opened until it is closed: its machine, how far it has applied,
 * what its readers are shown. Confined to one thread.
 */
final class Replica implements LogListener {

  /** What readers of a partition are shown. */
  record Shown(long start, long end) {}

  /** One in so many rows that are announced is compared with the store's. */
  private static final int ANNOUNCED_CHECKED = 8;

  final long group;
  final List<PartitionId> partitions;
  private final Store store;
  private final SortedMap<PartitionId, Shown> shown = new TreeMap<>();
  private @Nullable StateMachine machine;
  private Applied applied;

  /** The last entry that its own log holds. */
  private long received;

  /** The last entry that its own log does not hold any more. */
  private long purged;

  Replica(long group, List<PartitionId> partitions, Store store, Applied applied) {
    this.group = group;
    this.partitions = partitions;
    this.store = store;
    this.applied = applied;
    this.received = applied.index();
    this.purged = applied.index();
    for (PartitionId id : partitions) {
      PartitionState state = new LogReader(store, id).state();
      shown.put(id, new Shown(state.getLogStartOffset(), state.getNextOffset()));
    }
  }

  void machine(StateMachine opened) {
    machine = opened;
  }

  StateMachine machine() {
    if (machine == null) {
      throw new IllegalStateException("group " + group + " has no machine yet");
    }
    return machine;
  }

  Applied applied() {
    return applied;
  }

  void applied(Applied at) {
    applied = at;
    received = Math.max(received, at.index());
  }

  long received() {
    return received;
  }

  long purged() {
    return purged;
  }

  void purged(long index) {
    purged = index;
  }

  /** Its own log, which a crash leaves. */
  void log(long purgedUpTo, long receivedUpTo) {
    purged = purgedUpTo;
    received = Math.max(receivedUpTo, applied.index());
  }

  Shown shown(PartitionId id) {
    return shown.getOrDefault(id, new Shown(0, 0));
  }

  @Override
  public void appended(PartitionId partition, List<byte[]> rows) {
    for (byte[] row : rows) {
      long base = LogReader.decode(partition, row).getBaseOffset();
      if (base % ANNOUNCED_CHECKED == 0) {
        byte[] stored =
            store.get(Table.EVENTS, Keys.of(LogPlace.of(store, partition).number(), base));
        // The same entry may have trimmed it.
        Invariant.O1.holds(
            stored == null || Arrays.equals(stored, row),
            "%s announces another batch at %d than the store has",
            partition,
            base);
      }
    }
  }

  @Override
  public void advanced(PartitionId partition, long logStartOffset, long highWatermark) {
    Shown before = shown(partition);
    Invariant.O5.holds(
        logStartOffset >= before.start
            && highWatermark >= before.end
            && logStartOffset <= highWatermark,
        "%s goes from %s to %d..%d",
        partition,
        before,
        logStartOffset,
        highWatermark);
    shown.put(partition, new Shown(logStartOffset, highWatermark));
  }
}
