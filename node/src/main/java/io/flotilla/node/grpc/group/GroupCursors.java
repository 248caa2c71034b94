package io.flotilla.node.grpc.group;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.grpc.call.CallScope;
import io.flotilla.node.grpc.call.ErrorCatalogue;
import io.flotilla.node.grpc.call.PeerCalls;
import io.flotilla.node.grpc.call.Retrying;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Route;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.CursorPicture;
import io.flotilla.proto.internal.v1.CursorResult;
import io.flotilla.proto.internal.v1.PeerServiceGrpc;
import io.flotilla.proto.internal.v1.ReadCursorsRequest;
import io.flotilla.proto.internal.v1.UpdateCursorsRequest;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.Position;
import io.flotilla.proto.types.v1.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the leaders of partitions about cursors, here or with one call a node, again while time is
 * left: all commands may be repeated. What one of them is refused with fails no other. Safe; no
 * thread waits.
 */
public final class GroupCursors {

  /**
   * A command for the leader of a partition.
   *
   * @param initial of a claim: where to begin when there is no cursor; else null
   */
  record CursorUpdate(PartitionId id, CursorCommand command, @Nullable Position initial) {}

  /** What came of it: an outcome or a failure. */
  record Result(@Nullable AppendOutcome outcome, @Nullable FlotillaException failure) {

    static Result of(@Nullable AppendOutcome outcome, @Nullable Throwable fault) {
      return fault == null
          ? new Result(outcome, null)
          : new Result(null, StatusMapper.refusal(fault));
    }

    /** It is definite: asking again would answer the same. */
    boolean isFinal() {
      return failure == null || ErrorCatalogue.retry(failure.reason()) == Retry.RETRY_NEVER;
    }
  }

  /** A node that hangs holds up what others could answer no longer than this. */
  private static final Duration ATTEMPT_MAX = Duration.ofSeconds(3);

  private final Router router;
  private final LocalCursors local;
  private final Executor executor;

  public GroupCursors(Router router, LocalCursors local, Executor executor) {
    this.router = router;
    this.local = local;
    this.executor = executor;
  }

  /** The outcome of one command, or why not. */
  CompletableFuture<AppendOutcome> update(CursorUpdate update, CallScope scope) {
    return updateAll(List.of(update), scope)
        .thenApply(
            results -> {
              Result result = results.get(update.id());
              if (result == null || result.outcome() == null) {
                throw result == null || result.failure() == null
                    ? new FlotillaException(ErrorReason.ERROR_REASON_INTERNAL, "no result")
                    : result.failure();
              }
              return result.outcome();
            });
  }

  /** Runs commands of different partitions; completes when each has a result. Never fails. */
  CompletableFuture<Map<PartitionId, Result>> updateAll(
      Collection<CursorUpdate> updates, CallScope scope) {
    Map<PartitionId, Result> results = new ConcurrentHashMap<>();
    Map<PartitionId, CursorUpdate> byId = new HashMap<>();
    updates.forEach(update -> byId.put(update.id(), update));
    return ask(
        byId.keySet(),
        scope,
        results,
        (id, partition) -> {
          CursorUpdate update = byId.get(id);
          return update == null
              ? CompletableFuture.failedFuture(new IllegalStateException("not asked for " + id))
              : local.update(partition, update).handle(Result::of);
        },
        node -> ids -> there(node, ids.stream().map(byId::get).toList(), scope),
        Result::isFinal,
        fault -> Result.of(null, fault));
  }

  private CompletableFuture<Map<PartitionId, Result>> there(
      int node, List<CursorUpdate> updates, CallScope scope) {
    UpdateCursorsRequest.Builder request = UpdateCursorsRequest.newBuilder();
    for (CursorUpdate update : updates) {
      var wire =
          io.flotilla.proto.internal.v1.CursorUpdate.newBuilder()
              .setPartitionId(update.id().toLong())
              .setCommand(update.command().toByteString());
      if (update.initial() != null) {
        wire.setInitial(update.initial());
      }
      request.addUpdates(wire);
    }
    return PeerCalls.future(
            scope
                .asking(ATTEMPT_MAX)
                .toPeer(PeerServiceGrpc.newFutureStub(router.channel(node)))
                .updateCursors(request.build()))
        .thenApply(
            response -> {
              Map<PartitionId, Result> results = new HashMap<>();
              for (int i = 0; i < updates.size(); i++) {
                results.put(updates.get(i).id(), result(response.getResults(i)));
              }
              return results;
            });
  }

  private static Result result(CursorResult wire) {
    if (wire.hasFailure()) {
      return new Result(null, StatusMapper.fromFailure(wire.getFailure()));
    }
    try {
      return new Result(AppendOutcome.parseFrom(wire.getOutcome()), null);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("unreadable outcome of a cursor's command", e);
    }
  }

  /** Cursors of a consumer group, linearizable; those that cannot be told say why. */
  CompletableFuture<Map<PartitionId, CursorPicture>> read(
      String group, long bornGeneration, Collection<PartitionId> ids, CallScope scope) {
    return read(group, bornGeneration, ids, true, scope);
  }

  /** The same, as the leaders have applied them, without asking a majority. */
  CompletableFuture<Map<PartitionId, CursorPicture>> glance(
      String group, long bornGeneration, Collection<PartitionId> ids, CallScope scope) {
    return read(group, bornGeneration, ids, false, scope);
  }

  private CompletableFuture<Map<PartitionId, CursorPicture>> read(
      String group,
      long bornGeneration,
      Collection<PartitionId> ids,
      boolean linearizable,
      CallScope scope) {
    ReadCursorsRequest request =
        ReadCursorsRequest.newBuilder()
            .setGroup(group)
            .setBornGeneration(bornGeneration)
            .setLinearizable(linearizable)
            .build();
    return ask(
        ids,
        scope,
        new ConcurrentHashMap<>(),
        (id, partition) -> local.read(partition, request),
        node -> some -> there(node, some, request, scope),
        picture -> !picture.hasFailure() || isDefinite(picture),
        fault ->
            CursorPicture.newBuilder()
                .setFailure(StatusMapper.toFailure(StatusMapper.refusal(fault)))
                .build());
  }

  private static boolean isDefinite(CursorPicture picture) {
    return ErrorCatalogue.retry(picture.getFailure().getReason()) == Retry.RETRY_NEVER;
  }

  private CompletableFuture<Map<PartitionId, CursorPicture>> there(
      int node, List<PartitionId> ids, ReadCursorsRequest request, CallScope scope) {
    ReadCursorsRequest.Builder some = request.toBuilder();
    ids.forEach(id -> some.addPartitionIds(id.toLong()));
    return PeerCalls.future(
            scope
                .asking(ATTEMPT_MAX)
                .toPeer(PeerServiceGrpc.newFutureStub(router.channel(node)))
                .readCursors(some.build()))
        .thenApply(
            response -> {
              Map<PartitionId, CursorPicture> pictures = new HashMap<>();
              for (int i = 0; i < ids.size(); i++) {
                pictures.put(ids.get(i), response.getCursors(i));
              }
              return pictures;
            });
  }

  /**
   * Asks for each partition until the answer is definite or the time is over.
   *
   * @param here asks a partition that is led here
   * @param there asks another node for some
   */
  private <T> CompletableFuture<Map<PartitionId, T>> ask(
      Collection<PartitionId> ids,
      CallScope scope,
      Map<PartitionId, T> found,
      BiFunction<PartitionId, Partition, CompletableFuture<T>> here,
      Function<Integer, Function<List<PartitionId>, CompletableFuture<Map<PartitionId, T>>>> there,
      Function<T, Boolean> isFinal,
      Function<Throwable, T> failure) {
    List<PartitionId> all = List.copyOf(ids);
    return new Retrying(scope, true, executor)
        .run(
            () -> {
              List<PartitionId> missing = new ArrayList<>();
              for (PartitionId id : all) {
                T known = found.get(id);
                if (known == null || !isFinal.apply(known)) {
                  missing.add(id);
                }
              }
              return once(missing, scope.direct(), found, here, there, failure)
                  .thenAccept(done -> demandFinal(missing, found, isFinal));
            })
        .handle((done, fault) -> found);
  }

  private <T> CompletableFuture<Void> once(
      List<PartitionId> missing,
      boolean direct,
      Map<PartitionId, T> found,
      BiFunction<PartitionId, Partition, CompletableFuture<T>> here,
      Function<Integer, Function<List<PartitionId>, CompletableFuture<Map<PartitionId, T>>>> there,
      Function<Throwable, T> failure) {
    List<CompletableFuture<?>> asked = new ArrayList<>();
    Map<Integer, List<PartitionId>> elsewhere = new HashMap<>();
    for (PartitionId id : missing) {
      Route route = router.leaderOf(id);
      Partition led = route instanceof Route.Here ? router.local(id) : null;
      if (led != null) {
        asked.add(
            here.apply(id, led)
                .handle((answer, fault) -> fault == null ? answer : failure.apply(fault))
                .thenAccept(answer -> found.put(id, answer)));
      } else if (route instanceof Route.There at && !direct) {
        elsewhere.computeIfAbsent(at.leader().nodeId(), node -> new ArrayList<>()).add(id);
      } else {
        found.put(id, failure.apply(notHere(id, route)));
      }
    }
    elsewhere.forEach(
        (node, some) ->
            asked.add(
                there
                    .apply(node)
                    .apply(some)
                    .handle(
                        (answers, fault) -> {
                          some.forEach(
                              id -> {
                                T answer = answers == null ? null : answers.get(id);
                                found.put(id, answer == null ? failure.apply(fault) : answer);
                              });
                          return null;
                        })));
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new));
  }

  private static FlotillaException notHere(PartitionId id, Route route) {
    return route instanceof Route.There at
        ? FlotillaException.notLeader("this node does not lead partition " + id, at.leader())
        : unknown(id);
  }

  private static FlotillaException unknown(PartitionId id) {
    return FlotillaException.notLeader("partition " + id + " has no leader at the moment", null);
  }

  private static <T> void demandFinal(
      List<PartitionId> asked, Map<PartitionId, T> found, Function<T, Boolean> isFinal) {
    for (PartitionId id : asked) {
      T answer = found.get(id);
      if (answer == null || !isFinal.apply(answer)) {
        throw unknown(id);
      }
    }
  }
}
