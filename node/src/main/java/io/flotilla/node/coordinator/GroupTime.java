package io.flotilla.node.coordinator;

import io.flotilla.node.model.NodeClocks;
import io.flotilla.node.model.SteadyClock;
import io.flotilla.node.model.TrustedTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time by which consumer groups are stamped and forgotten: what the cluster's nodes agree on,
 * going on by the monotonic clock until they are asked again. A node that starts with a clock that
 * is wrong by weeks forgets nothing. Until they have agreed for the first time it is this node's
 * own clock, by which nothing may be forgotten. Safe.
 */
public final class GroupTime implements LongSupplier {

  private static final long NANOS_A_MILLI = 1_000_000;

  private record Agreed(long ms, long nanos) {}

  private final int nodeId;
  private final LongSupplier nanos;
  private final SteadyClock own;
  private final TrustedTime trusted;
  private volatile @Nullable Agreed agreed;

  /**
   * @param clockMs this node's clock, in milliseconds since 1970
   * @param nanos its monotonic clock
   */
  public GroupTime(int nodeId, LongSupplier clockMs, LongSupplier nanos) {
    this.nodeId = nodeId;
    this.nanos = nanos;
    this.own = new SteadyClock(clockMs, nanos);
    this.trusted = new TrustedTime(clockMs, nanos);
  }

  /** In milliseconds since 1970. */
  @Override
  public long getAsLong() {
    Agreed last = agreed;
    return last == null
        ? own.getAsLong()
        : last.ms + (nanos.getAsLong() - last.nanos) / NANOS_A_MILLI;
  }

  /** A majority of the nodes has told its clock since this one started. */
  public boolean isAgreed() {
    return agreed != null;
  }

  /**
   * Asks the other nodes, for which it blocks; what was agreed on before stands when too few
   * answer.
   *
   * @param nodes all of the cluster
   */
  void agree(Set<Integer> nodes, NodeClocks clocks) {
    Set<Integer> others = new HashSet<>(nodes);
    others.remove(nodeId);
    Map<Integer, Long> heard = new HashMap<>(others.isEmpty() ? Map.of() : clocks.ask(others));
    heard.put(nodeId, trusted.here());
    OptionalLong now = trusted.now(List.copyOf(nodes), heard);
    if (now.isPresent()) {
      agreed = new Agreed(now.getAsLong(), nanos.getAsLong());
    }
  }
}
