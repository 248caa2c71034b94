package io.flotilla.node.grpc.read;

import io.flotilla.node.core.log.TimeHit;
import io.flotilla.node.core.metadata.TopicInfo;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.grpc.call.Retrying;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.v1.ConsumerServiceGrpc;
import io.flotilla.proto.v1.ListOffsetsRequest;
import io.flotilla.proto.v1.ListOffsetsResponse;
import io.flotilla.proto.v1.ListedOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Asks the leaders of partitions where a position is: linearizable, since a leader first confirms
 * with a majority that it still leads. Partitions led elsewhere are asked for with one call a node;
 * what could not be answered is asked again while time is left. Safe.
 */
final class Offsets {

  private final Router router;
  private final Executor executor;

  Offsets(Router router, Executor executor) {
    this.router = router;
    this.executor = executor;
  }

  /** The position in each partition; absent offsets only for times beyond the last event. */
  CompletableFuture<Map<Integer, ListedOffset>> list(
      TopicInfo topic, Collection<Integer> partitions, Position position, CallScope scope) {
    Map<Integer, ListedOffset> found = new ConcurrentHashMap<>();
    return new Retrying(scope, true, executor)
        .run(
            () -> {
              List<Integer> missing =
                  partitions.stream().filter(partition -> !found.containsKey(partition)).toList();
              return new Attempt(topic, position, scope, found).ask(missing);
            })
        .thenApply(done -> found);
  }

  private final class Attempt {
    private final TopicInfo topic;
    private final Position position;
    private final CallScope scope;
    private final Map<Integer, ListedOffset> found;
    private final List<CompletableFuture<?>> asked = new ArrayList<>();
    private final Map<Integer, List<Integer>> elsewhere = new HashMap<>();

    Attempt(TopicInfo topic, Position position, CallScope scope, Map<Integer, ListedOffset> found) {
      this.topic = topic;
      this.position = position;
      this.scope = scope;
      this.found = found;
    }

    CompletableFuture<Void> ask(List<Integer> partitions) {
      partitions.forEach(this::route);
      elsewhere.forEach(this::askNode);
      return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new));
    }

    private void route(int partition) {
      PartitionId id = router.partition(topic, partition);
      Route route = router.leaderOf(id);
      Partition local = router.local(id);
      if (route instanceof Route.Here && local != null) {
        asked.add(askHere(local).thenAccept(offset -> found.put(partition, offset)));
      } else if (route instanceof Route.There there && !scope.direct()) {
        elsewhere
            .computeIfAbsent(there.leader().nodeId(), node -> new ArrayList<>())
            .add(partition);
      } else {
        asked.add(
            CompletableFuture.failedFuture(
                FlotillaException.notLeader(
                    "this node does not lead partition " + topic.name() + "/" + partition,
                    route instanceof Route.There there ? there.leader() : null)));
      }
    }

    private CompletableFuture<ListedOffset> askHere(Partition local) {
      return local.end().thenApplyAsync(end -> answer(local, end), executor);
    }

    private ListedOffset answer(Partition local, long end) {
      ListedOffset.Builder answer = ListedOffset.newBuilder().setPartition(local.id().partition());
      switch (position.getFrom()) {
        case START_FROM_EARLIEST -> answer.setOffset(local.logStartOffset());
        case START_FROM_LATEST -> answer.setOffset(end);
        case START_FROM_OFFSET -> {
          long offset = position.getOffset();
          if (offset < local.logStartOffset() || offset > end) {
            throw FlotillaException.outOfRange(offset, local.logStartOffset(), end);
          }
          answer.setOffset(offset);
        }
        case START_FROM_TIME -> {
          TimeHit hit = local.firstAtOrAfter(position.getTimeUnixMs());
          if (hit != null) {
            answer.setOffset(hit.offset()).setTimestampUnixMs(hit.timestampMs());
          }
        }
        case START_FROM_UNSPECIFIED, UNRECOGNIZED -> ReadChecks.position(position);
      }
      return answer.build();
    }

    private void askNode(int nodeId, List<Integer> partitions) {
      ListOffsetsRequest request =
          ListOffsetsRequest.newBuilder()
              .setTopic(topic.name())
              .setTopicId(topic.topicId())
              .addAllPartitions(partitions)
              .setPosition(position)
              .build();
      asked.add(
          PeerCalls.future(
                  scope
                      .toPeer(ConsumerServiceGrpc.newFutureStub(router.channel(nodeId)))
                      .listOffsets(request))
              .thenAccept(this::take));
    }

    private void take(ListOffsetsResponse response) {
      response.getOffsetsList().forEach(offset -> found.put(offset.getPartition(), offset));
    }
  }
}
