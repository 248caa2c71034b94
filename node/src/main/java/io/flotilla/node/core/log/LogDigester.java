package io.flotilla.node.core.log;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.batch.BatchThinning;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.CorruptStoreException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.proto.types.v1.StoredBatch;
import java.security.MessageDigest;

/** Reads a piece of a log, checks each batch, and sums it up. Confined to one thread. */
final class LogDigester {

  private final View view;
  private final LogPlace place;
  private final PartitionId partition;
  private final long compactedOffset;
  private final MessageDigest sha256 = HashChain.sha256();
  private long reached;
  private int batches;
  private long events;
  private long bytes;
  private String corrupt = "";

  /**
   * @param compactedOffset below it batches may be missing
   */
  LogDigester(View view, LogPlace place, long compactedOffset) {
    this.view = view;
    this.place = place;
    this.compactedOffset = compactedOffset;
    this.partition = place.partition();
  }

  /**
   * @param from where the piece begins; a batch that holds it belongs to the piece
   * @param to no batch that begins here or later
   * @param maxBytes stored bytes; at least one batch is read
   */
  LogDigest digest(long from, long to, long maxBytes) {
    if (from >= to) {
      return new LogDigest(from, 0, 0, 0, ByteString.EMPTY, "");
    }
    reached = from;
    try {
      reached = LogPrefix.firstKept(view, place, from);
      walk(to, maxBytes);
    } catch (CorruptStoreException e) {
      corrupt = String.valueOf(e.getMessage());
    }
    ByteString sum = ByteString.copyFrom(sha256.digest());
    return new LogDigest(Math.max(reached, from), batches, events, bytes, sum, corrupt);
  }

  private void walk(long to, long maxBytes) {
    long id = place.number();
    boolean room = true;
    try (View.Cursor rows = view.scan(Table.EVENTS, Keys.of(id, reached), Keys.of(id, to))) {
      while (room && corrupt.isEmpty() && rows.next()) {
        byte[] row = rows.value();
        room = batches == 0 || bytes + row.length <= maxBytes;
        if (room) {
          add(Keys.number(rows.key(), 1), row);
        }
      }
    }
    if (room && corrupt.isEmpty() && reached < to && to <= compactedOffset) {
      reached = to; // What was there has been compacted away.
    }
    if (room && corrupt.isEmpty() && reached < to) {
      corrupt = "no batch holds offset " + reached;
    }
  }

  private void add(long offset, byte[] row) {
    StoredBatch batch;
    try {
      batch = LogReader.decode(partition, row);
    } catch (FlotillaException e) {
      corrupt = String.valueOf(e.getMessage());
      return;
    }
    boolean gap = offset < reached || offset > Math.max(reached, compactedOffset);
    if (gap || batch.getBaseOffset() != offset) {
      corrupt = "offset " + reached + " is missing: the next batch begins at " + offset;
    } else if (!BatchCodec.crcMatches(batch.getBatch())) {
      corrupt = "the batch at offset " + offset + " fails its checksum";
    } else {
      // What is left of a compacted batch may be packed otherwise by another version's library.
      sha256.update(batch.getOffsetSpan() == 0 ? row : BatchThinning.content(batch).toByteArray());
      batches++;
      events += batch.getBatch().getEventCount();
      bytes += row.length;
      reached = BatchOffsets.next(batch);
    }
  }
}
