package io.flotilla.node.disk;

import io.flotilla.node.model.FlotillaException;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The nodes whose disks are full, as far as this node has been told; its own as its guard sees it.
 * A write is refused when any of the disks that it goes to is full: a majority could take it, but
 * the full one would fall behind, and the others would keep their Raft logs for it until they are
 * full as well. Safe; asking costs two volatile reads while no disk is full.
 */
public final class FullDisks {

  /** For those who have no disks to watch. */
  public static final FullDisks NONE =
      new FullDisks(0, () -> new DiskStatus(DiskState.NORMAL, 0, 0, 0));

  private final int self;
  private final Supplier<DiskStatus> own;
  private volatile Map<Integer, DiskStatus> others = Map.of();

  public FullDisks(int self, Supplier<DiskStatus> own) {
    this.self = self;
    this.own = own;
  }

  /** Another node said how its disk is, or said nothing for a while: null. */
  public synchronized void told(int node, @Nullable DiskStatus status) { // one writer of others
    Map<Integer, DiskStatus> next = new TreeMap<>(others);
    next.remove(node);
    if (status != null && status.state() == DiskState.FULL) {
      next.put(node, status);
    }
    others = next;
  }

  /** The node's disk takes no more writes. */
  public boolean isFull(int node) {
    return status(node) != null;
  }

  /** The refusal of a write that goes to these nodes; null when all of them take it. */
  public @Nullable FlotillaException refusal(Collection<Integer> nodes) {
    for (int node : nodes) {
      DiskStatus full = status(node);
      if (full != null) {
        return refusal(node, full);
      }
    }
    return null;
  }

  /** True when no disk is known to be full: then there is no need to find out which are meant. */
  public boolean isEmpty() {
    return own.get().state() != DiskState.FULL && others.isEmpty();
  }

  private @Nullable DiskStatus status(int node) {
    if (node != self) {
      return others.get(node);
    }
    DiskStatus status = own.get();
    return status.state() == DiskState.FULL ? status : null;
  }

  private static FlotillaException refusal(int node, DiskStatus disk) {
    return new FlotillaException(
        ErrorReason.ERROR_REASON_DISK_FULL,
        "the disk of node " + node + " is full: " + disk,
        Map.of(
            "node", Integer.toString(node),
            "free_bytes", Long.toString(disk.freeBytes()),
            "refused_below_bytes", Long.toString(disk.refuseBelow())),
        null,
        null);
  }
}
