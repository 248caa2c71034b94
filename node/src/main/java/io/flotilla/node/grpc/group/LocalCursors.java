package io.flotilla.node.grpc.group;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.node.core.log.TimeHit;
import io.flotilla.node.grpc.call.StatusMapper;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.partition.Partition;
import io.flotilla.node.router.Router;
import io.flotilla.proto.internal.v1.CursorPicture;
import io.flotilla.proto.internal.v1.CursorResult;
import io.flotilla.proto.internal.v1.ReadCursorsRequest;
import io.flotilla.proto.internal.v1.ReadCursorsResponse;
import io.flotilla.proto.internal.v1.UpdateCursorsRequest;
import io.flotilla.proto.internal.v1.UpdateCursorsResponse;
import io.flotilla.proto.state.v1.AppendOutcome;
import io.flotilla.proto.state.v1.ClaimCursor;
import io.flotilla.proto.state.v1.CursorCommand;
import io.flotilla.proto.state.v1.CursorState;
import io.flotilla.proto.types.v1.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cursors of the partitions that are led here, for this node and for others. Safe. */
public final class LocalCursors {

  private static final Logger LOG = LoggerFactory.getLogger(LocalCursors.class);

  private final Router router;
  private final Executor executor;
  private final LongSupplier clockMs;

  /**
   * @param executor may read the store
   * @param clockMs this node's clock, in milliseconds since 1970
   */
  public LocalCursors(Router router, Executor executor, LongSupplier clockMs) {
    this.router = router;
    this.executor = executor;
    this.clockMs = clockMs;
  }

  CompletableFuture<AppendOutcome> update(Partition partition, GroupCursors.CursorUpdate update) {
    Position initial = update.initial();
    if (initial == null || !update.command().hasClaim()) {
      return partition.cursors().propose(update.command());
    }
    return offset(partition, initial)
        .thenComposeAsync(
            offset ->
                partition
                    .cursors()
                    .propose(
                        update.command().toBuilder()
                            .setClaim(ClaimCursor.newBuilder().setInitialOffset(offset))
                            .build()),
            executor);
  }

  private CompletableFuture<Long> offset(Partition partition, Position initial) {
    return switch (initial.getFrom()) {
      case START_FROM_EARLIEST -> CompletableFuture.completedFuture(partition.logStartOffset());
      case START_FROM_LATEST -> partition.end();
      case START_FROM_OFFSET -> CompletableFuture.completedFuture(initial.getOffset());
      case START_FROM_TIME ->
          partition
              .end()
              .thenApplyAsync(
                  end -> {
                    TimeHit hit = partition.firstAtOrAfter(initial.getTimeUnixMs());
                    return hit == null ? end : hit.offset();
                  },
                  executor);
      case START_FROM_UNSPECIFIED, UNRECOGNIZED ->
          throw FlotillaException.invalid("a claim must say where to begin");
    };
  }

  /** What another node asks for. */
  public CompletableFuture<UpdateCursorsResponse> update(UpdateCursorsRequest request) {
    List<CompletableFuture<CursorResult>> results = new ArrayList<>();
    for (var wire : request.getUpdatesList()) {
      results.add(update(wire).handle(LocalCursors::result));
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              UpdateCursorsResponse.Builder response = UpdateCursorsResponse.newBuilder();
              results.forEach(result -> response.addResults(result.join()));
              return response.build();
            });
  }

  private CompletableFuture<AppendOutcome> update(io.flotilla.proto.internal.v1.CursorUpdate wire) {
    try {
      Partition partition = led(wire.getPartitionId());
      CursorCommand command = CursorCommand.parseFrom(wire.getCommand());
      if (command.getActionCase() == CursorCommand.ActionCase.ACTION_NOT_SET) {
        throw FlotillaException.invalid("the command is of a kind this node does not know");
      }
      return update(
          partition,
          new GroupCursors.CursorUpdate(
              partition.id(), command, wire.hasInitial() ? wire.getInitial() : null));
    } catch (InvalidProtocolBufferException e) {
      return CompletableFuture.failedFuture(
          FlotillaException.invalid("command is not a CursorCommand: " + e.getMessage()));
    } catch (FlotillaException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Partition led(long partitionId) {
    PartitionId id;
    try {
      id = PartitionId.of(partitionId);
    } catch (IllegalArgumentException e) {
      throw FlotillaException.invalid("partition id " + partitionId + " can be none");
    }
    Partition partition = router.local(id);
    if (partition == null || !partition.leads()) {
      throw FlotillaException.notLeader("this node does not lead partition " + id, null);
    }
    return partition;
  }

  private static CursorResult result(@Nullable AppendOutcome outcome, @Nullable Throwable fault) {
    return outcome == null
        ? CursorResult.newBuilder()
            .setFailure(
                StatusMapper.toFailure(
                    StatusMapper.refusal(
                        fault == null ? new IllegalStateException("no outcome") : fault)))
            .build()
        : CursorResult.newBuilder().setOutcome(outcome.toByteString()).build();
  }

  /** What another node asks for. */
  public CompletableFuture<ReadCursorsResponse> read(ReadCursorsRequest request) {
    List<CompletableFuture<CursorPicture>> pictures = new ArrayList<>();
    for (long id : request.getPartitionIdsList()) {
      CompletableFuture<CursorPicture> picture;
      try {
        picture = read(led(id), request);
      } catch (FlotillaException e) {
        picture = CompletableFuture.failedFuture(e);
      }
      pictures.add(
          picture.exceptionally(
              fault ->
                  CursorPicture.newBuilder()
                      .setFailure(StatusMapper.toFailure(StatusMapper.refusal(fault)))
                      .build()));
    }
    return CompletableFuture.allOf(pictures.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              ReadCursorsResponse.Builder response = ReadCursorsResponse.newBuilder();
              pictures.forEach(picture -> response.addCursors(picture.join()));
              return response.build();
            });
  }

  CompletableFuture<CursorPicture> read(Partition partition, ReadCursorsRequest request) {
    CompletableFuture<Long> end =
        request.getLinearizable()
            ? partition.end()
            : CompletableFuture.completedFuture(partition.highWatermark());
    return end.thenApplyAsync(at -> picture(partition, request, at), executor);
  }

  private CursorPicture picture(Partition partition, ReadCursorsRequest request, long end) {
    CursorPicture.Builder picture =
        CursorPicture.newBuilder()
            .setLogStartOffset(partition.logStartOffset())
            .setEndOffset(end)
            .setNowUnixMs(clockMs.getAsLong());
    CursorState cursor = partition.cursors().get(request.getGroup());
    if (cursor != null && cursor.getGeneration() >= request.getBornGeneration()) {
      picture.setCursor(cursor.toByteString());
      if (!request.getLinearizable()) {
        picture.setOldestUnprocessedUnixMs(appendTime(partition, cursor.getOffset()));
      }
    }
    return picture.build();
  }

  /** The lag in time is not worth a refusal: 0 when the event cannot be read. */
  private static long appendTime(Partition partition, long offset) {
    try {
      return partition.cursors().appendTimeFrom(offset);
    } catch (FlotillaException e) {
      LOG.warn("age of offset {} of partition {} unknown", offset, partition.id(), e);
      return 0;
    }
  }
}
