package io.flotilla.node.simulation;

import io.flotilla.node.model.GroupChunk;
import io.flotilla.node.model.GroupTotals;
import io.flotilla.node.partition.ExportDoor;
import io.flotilla.node.partition.GroupExport;
import io.flotilla.node.raft.GroupSource;
import io.flotilla.node.store.Table;

/** A peer's rows of a group, in chunks, as grpc would bring them. Confined to one thread. */
final class PeerRows implements GroupSource {

  /** Small, so that tables take several. */
  private static final int CHUNK_BYTES = 4 << 10;

  /** The node that pulls is no more. */
  static final class NodeDied extends RuntimeException {}

  private final SimNode peer;
  private final Replica replica;
  private final Build build;
  private final int chunksMax;

  PeerRows(SimNode peer, Replica replica, Build build, int chunksMax) {
    this.peer = peer;
    this.replica = replica;
    this.build = build;
    this.chunksMax = chunksMax;
  }

  @Override
  public void pull(String peerId, Pull pull, Sink sink) {
    GroupExport export =
        ExportDoor.open(
            replica.group, replica.applied(), peer.store().snapshot(), replica.partitions);
    try {
      sink.started(export.token(), export.at());
      GroupTotals totals = GroupTotals.NONE;
      GroupChunk chunk = export.next(export.reader(), CHUNK_BYTES);
      while (chunk != null) {
        if (totals.chunks() >= chunksMax) {
          throw new NodeDied();
        }
        if (build.exports(Table.valueOf(chunk.table()))) {
          GroupChunk sent =
              GroupChunk.of(totals.chunks() + 1, chunk.table(), chunk.partition(), chunk.block());
          sink.chunk(sent);
          totals = totals.plus(sent);
        }
        chunk = export.next(export.reader(), CHUNK_BYTES);
      }
      sink.ended(totals);
    } finally {
      ExportDoor.close(export);
    }
  }
}
