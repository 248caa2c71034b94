package io.flotilla.node.grpc.read;

import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Router;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.StartFrom;
import io.flotilla.proto.v1.ListedOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Turns positions into offsets, once, when a reader begins. What a replica here can say for sure it
 * says; the end, times, and offsets that the replica has not reached yet are asked of the leader. A
 * time beyond the last event is the end. Safe.
 */
public final class StartPositions {

  private static final Position LATEST =
      Position.newBuilder().setFrom(StartFrom.START_FROM_LATEST).build();
  private static final Duration ASKING_MAX = Duration.ofSeconds(10);

  private final Router router;
  private final Offsets offsets;

  public StartPositions(Router router, Executor executor) {
    this(router, new Offsets(router, executor));
  }

  StartPositions(Router router, Offsets offsets) {
    this.router = router;
    this.offsets = offsets;
  }

  /** The ends of partitions, linearizable. */
  CompletableFuture<Map<Integer, Long>> ends(
      TopicInfo topic, List<Integer> partitions, CallScope scope) {
    return offsets
        .list(topic, partitions, LATEST, scope.asking(ASKING_MAX))
        .thenApply(StartPositions::numbers);
  }

  /** The offset of each partition's position. */
  CompletableFuture<Map<Integer, Long>> resolve(
      TopicInfo topic, Map<Integer, Position> positions, CallScope scope) {
    CallScope asking = scope.asking(ASKING_MAX);
    Map<Integer, Long> known = new HashMap<>();
    Map<Position, List<Integer>> unknown = new HashMap<>();
    positions.forEach(
        (partition, position) -> {
          Partition local = router.readable(router.partition(topic, partition));
          if (local != null && position.getFrom() == StartFrom.START_FROM_EARLIEST) {
            known.put(partition, local.logStartOffset());
          } else if (local != null && reached(local, position)) {
            known.put(partition, position.getOffset());
          } else {
            unknown.computeIfAbsent(position, p -> new ArrayList<>()).add(partition);
          }
        });
    CompletableFuture<Map<Integer, Long>> all = CompletableFuture.completedFuture(known);
    for (Map.Entry<Position, List<Integer>> entry : unknown.entrySet()) {
      all = all.thenCombine(ask(topic, entry.getKey(), entry.getValue(), asking), this::union);
    }
    return all;
  }

  /** The same, and each is between log start and end as the leaders know them. */
  public CompletableFuture<Map<Integer, Long>> exact(
      TopicInfo topic, List<Integer> partitions, Position position, CallScope scope) {
    return ask(topic, position, partitions, scope.asking(ASKING_MAX));
  }

  private CompletableFuture<Map<Integer, Long>> ask(
      TopicInfo topic, Position position, List<Integer> partitions, CallScope asking) {
    if (position.getFrom() != StartFrom.START_FROM_TIME) {
      return offsets.list(topic, partitions, position, asking).thenApply(StartPositions::numbers);
    }
    // First the end, then the time: whatever is appended in between is at or beyond this end.
    return offsets
        .list(topic, partitions, LATEST, asking)
        .thenApply(StartPositions::numbers)
        .thenCompose(
            ends ->
                offsets
                    .list(topic, partitions, position, asking)
                    .thenApply(hits -> union(ends, numbers(hits))));
  }

  private static boolean reached(Partition local, Position position) {
    return position.getFrom() == StartFrom.START_FROM_OFFSET
        && position.getOffset() <= local.highWatermark();
  }

  private static Map<Integer, Long> numbers(Map<Integer, ListedOffset> listed) {
    Map<Integer, Long> numbers = new HashMap<>();
    listed.forEach(
        (partition, offset) -> {
          if (offset.hasOffset()) {
            numbers.put(partition, offset.getOffset());
          }
        });
    return numbers;
  }

  private Map<Integer, Long> union(Map<Integer, Long> some, Map<Integer, Long> winning) {
    Map<Integer, Long> both = new HashMap<>(some);
    both.putAll(winning);
    return both;
  }
}
