package io.flotilla.node.grpc.admin;

import io.flotilla.node.grpc.call.CallThreads;
import io.flotilla.node.grpc.call.StallWatch;
import io.flotilla.node.grpc.call.StreamWriter;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.model.GroupTotals;
import io.flotilla.node.partition.GroupExport;
import io.flotilla.node.partition.GroupExports;
import io.flotilla.proto.internal.v1.GroupEnd;
import io.flotilla.proto.internal.v1.GroupRows;
import io.flotilla.proto.internal.v1.GroupStart;
import io.flotilla.proto.internal.v1.StreamGroupRequest;
import io.flotilla.proto.internal.v1.StreamGroupResponse;
import io.flotilla.proto.types.v1.ErrorReason;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Gives a group to another node, as fast as that one takes it. Confined to its serial executor, on
 * which it also reads the disk, a few chunks a turn. A reader that takes nothing for a while is cut
 * off; the rows wait for it a little longer.
 */
final class GroupStreamCall {

  private static final int CHUNK_BYTES = 512 << 10;
  private static final int CHUNKS_A_TURN = 4;
  private static final Duration STALL_MAX = Duration.ofSeconds(60);

  private final GroupExports exports;
  private final GroupExport export;
  private final long reader;
  private final ServerCallStreamObserver<StreamGroupResponse> observer;
  private final StreamWriter<StreamGroupResponse> writer;
  private final Executor serial;
  private final StallWatch stall;
  private boolean complete;

  /** Fails as {@link GroupExports#open} does. */
  GroupStreamCall(
      StreamGroupRequest request,
      GroupExports exports,
      CallThreads threads,
      ServerCallStreamObserver<StreamGroupResponse> observer) {
    this.exports = exports;
    this.export =
        exports.open(
            request.getGroup(), request.getMinIndex(), request.getToken(), request.getAfterChunk());
    this.reader = export.reader();
    this.observer = observer;
    this.writer = new StreamWriter<>(observer);
    this.serial = threads.serial(this::fail);
    this.stall = new StallWatch(STALL_MAX, serial, this::stalled);
  }

  void begin() {
    observer.setOnReadyHandler(() -> serial.execute(this::pump));
    observer.setOnCancelHandler(() -> serial.execute(this::cancelled));
    observer.setOnCloseHandler(() -> serial.execute(this::closed));
    serial.execute(
        () -> {
          writer.send(
              StreamGroupResponse.newBuilder()
                  .setStart(
                      GroupStart.newBuilder()
                          .setToken(export.token())
                          .setTerm(export.at().term())
                          .setIndex(export.at().index()))
                  .build());
          pump();
        });
  }

  private void pump() {
    if (writer.ended()) {
      return;
    }
    writer.drain();
    for (int i = 0; i < CHUNKS_A_TURN && writer.ready(); i++) {
      stall.cleared();
      GroupChunk chunk = export.next(reader, CHUNK_BYTES);
      if (chunk == null) {
        end();
        return;
      }
      writer.send(StreamGroupResponse.newBuilder().setRows(rows(chunk)).build());
    }
    if (writer.ready()) {
      serial.execute(this::pump);
    } else {
      stall.blocked();
    }
  }

  private static GroupRows rows(GroupChunk chunk) {
    return GroupRows.newBuilder()
        .setNumber(chunk.number())
        .setTable(chunk.table())
        .setPartitionId(chunk.partition())
        .setBlock(chunk.block())
        .setCrc(chunk.crc())
        .build();
  }

  private void end() {
    GroupTotals totals = export.totals();
    writer.send(
        StreamGroupResponse.newBuilder()
            .setEnd(
                GroupEnd.newBuilder()
                    .setChunks(totals.chunks())
                    .setBytes(totals.bytes())
                    .setSum(totals.sum()))
            .build());
    complete = true;
    writer.complete();
    stall.blocked();
  }

  /** The transport has taken all of it, or the refusal. */
  private void closed() {
    stall.cleared();
    if (complete) {
      exports.complete(export);
    }
  }

  private void stalled() {
    fail(
        new FlotillaException(
            ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED,
            "nothing was taken for " + STALL_MAX.toSeconds() + " s"));
  }

  private void cancelled() {
    stall.cleared();
    writer.cancelled();
    exports.park(export);
  }

  private void fail(RuntimeException thrown) {
    stall.cleared();
    writer.fail(thrown);
    exports.park(export);
  }
}
