package io.flotilla.node.core.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.batch.BatchLimits;
import io.flotilla.node.batch.BatchOffsets;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.CorruptStoreException;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.state.v1.PartitionState;
import io.flotilla.proto.types.v1.ErrorReason;
import io.flotilla.proto.types.v1.StoredBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition's log. Safe for many threads, beside the one that applies. Knows nothing of
 * what may be shown: callers pass the high watermark they may read up to.
 */
public final class LogReader {

  private static final PartitionState EMPTY =
      PartitionState.newBuilder()
          .setMaxTimestampUnixMs(-1)
          .setMaxTimestampSinceMarkUnixMs(-1)
          .build();

  private final View view;
  private final LogPlace place;
  private final PartitionId partition;

  public LogReader(View view, PartitionId partition) {
    this.view = view;
    this.place = LogPlace.of(view, partition);
    this.partition = partition;
  }

  /** The partition's numbers; those of an empty log when nothing was appended yet. */
  public PartitionState state() {
    byte[] row = view.get(Table.PARTITIONS, Keys.of(place.number()));
    if (row == null) {
      return EMPTY;
    }
    try {
      return PartitionState.parseFrom(row);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the state of " + partition + " cannot be read", e);
    }
  }

  /**
   * The batches from an offset on, in order. The first one may begin before the offset: it holds
   * it.
   *
   * @param end where to stop: no batch that begins there or later; the high watermark
   * @param maxBytes stored bytes of all batches together; the first one is given even if it is
   *     larger
   * @throws FlotillaException CORRUPT_DATA when a batch is not as its producer made it;
   *     OFFSET_OUT_OF_RANGE when it was trimmed meanwhile
   */
  public List<StoredBatch> read(long from, long end, int maxBytes) {
    if (from >= end) {
      return List.of();
    }
    try {
      List<StoredBatch> batches = batches(from, end, maxBytes);
      if (batches.isEmpty() || batches.get(0).getBaseOffset() > from) {
        requireKept(from);
      }
      return batches;
    } catch (CorruptStoreException e) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_CORRUPT_DATA,
          "stored batches of " + partition + " from offset " + from + " cannot be read: " + e);
    }
  }

  /** Something is missing at the offset: a reader must be told when it was trimmed. */
  private void requireKept(long offset) {
    PartitionState now = state();
    if (offset < now.getLogStartOffset()) {
      throw FlotillaException.outOfRange(offset, now.getLogStartOffset(), now.getNextOffset());
    }
  }

  private List<StoredBatch> batches(long from, long end, int maxBytes) {
    List<StoredBatch> batches = new ArrayList<>();
    long id = place.number();
    long bytes = 0;
    try (View.Cursor rows = view.scan(Table.EVENTS, Keys.of(id, from), Keys.of(id, end))) {
      boolean more = rows.next();
      if (!more || Keys.number(rows.key(), 1) > from) {
        byte[] holder = batchAround(from);
        if (holder != null) {
          batches.add(checked(decode(partition, holder)));
          bytes = holder.length;
        }
      }
      for (; more; more = rows.next()) {
        byte[] row = rows.value();
        bytes += row.length;
        if (bytes > maxBytes && !batches.isEmpty()) {
          break;
        }
        batches.add(checked(decode(partition, row)));
      }
    }
    return batches;
  }

  /**
   * What a piece of the log holds, every batch of it checked.
   *
   * @param from where the piece begins; a batch that holds it belongs to the piece
   * @param to no batch that begins here or later; at most the high watermark
   * @param maxBytes stored bytes; at least one batch is read
   */
  public LogDigest digest(long from, long to, long maxBytes) {
    LogDigest digest =
        new LogDigester(view, place, state().getCompaction().getIndexedOffset())
            .digest(from, to, maxBytes);
    if (!digest.corrupt().isEmpty()) {
      requireKept(from);
    }
    return digest;
  }

  /** The row of the batch that begins before the offset and holds it, or null. */
  private byte @Nullable [] batchAround(long offset) {
    long id = place.number();
    try (View.Cursor rows = view.scanBackward(Table.EVENTS, Keys.of(id), Keys.of(id, offset))) {
      if (!rows.next()) {
        return null;
      }
      byte[] row = rows.value();
      StoredBatch batch = decode(partition, row);
      return BatchOffsets.next(batch) > offset ? row : null;
    }
  }

  /**
   * The earliest event below the end whose timestamp is not before a time; null when there is none.
   * Exact although timestamps may go backwards. Batches that cannot be opened are passed over.
   */
  public @Nullable TimeHit firstAtOrAfter(long timestampMs, long end, BatchLimits limits) {
    return new TimeSearch(view, place, limits, state().getLogStartOffset(), end)
        .firstAtOrAfter(timestampMs);
  }

  /**
   * How far the log may be trimmed: to a mark, or to the end when all may go; log start when
   * nothing may. Reads no batch.
   *
   * @param nowMs for retention by time
   */
  public long trimPoint(RetentionLimits limits, long nowMs) {
    return new TrimPoint(view, place, state(), limits).find(nowMs);
  }

  /** Whether the log is to be compacted, and how far. */
  public CompactionPlan compactionPlan(CompactionRules rules, long nowMs) {
    return CompactionPlan.of(view, place, state(), rules, nowMs);
  }

  private StoredBatch checked(StoredBatch batch) {
    if (!BatchCodec.crcMatches(batch.getBatch())) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_CORRUPT_DATA,
          "batch at offset " + batch.getBaseOffset() + " of " + partition + " fails its checksum");
    }
    return batch;
  }

  /** A batch from a row of table EVENTS, whose bytes it keeps. Not checked. */
  public static StoredBatch decode(PartitionId partition, byte[] row) {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(row).newCodedInput();
    in.enableAliasing(true);
    try {
      return StoredBatch.parseFrom(in);
    } catch (IOException e) {
      throw new FlotillaException(
          ErrorReason.ERROR_REASON_CORRUPT_DATA,
          "a stored batch of " + partition + " cannot be read: " + e.getMessage());
    }
  }

  /** Deletes all rows of a partition, wherever they are. Nobody may be applying to it any more. */
  public static void dropPartition(PartitionId partition, WriteBatch batch) {
    byte[] from = Keys.of(LogPlace.first(partition).number());
    byte[] to = Keys.of(LogPlace.afterAll(partition));
    LogPlace.TABLES.forEach(table -> batch.deleteRange(table, from, to));
    batch.delete(Table.PLACES, Keys.of(partition.toLong()));
  }

  /** Gives back the space of a topic whose partitions were all dropped. */
  public static void reclaimTopic(int topicId, Store store) {
    byte[] from = Keys.of(LogPlace.first(new PartitionId(topicId, 0)).number());
    byte[] to = Keys.of(LogPlace.first(new PartitionId(topicId + 1, 0)).number());
    store.reclaim(Table.EVENTS, from, to);
  }

  /**
   * The partitions that have rows. An append writes to its tables at once, so one of them tells.
   */
  public static SortedSet<PartitionId> partitions(View view) {
    SortedSet<PartitionId> partitions = new TreeSet<>();
    try (View.Cursor rows = view.scan(Table.PARTITIONS, Keys.FIRST, Keys.last())) {
      while (rows.next()) {
        partitions.add(new LogPlace(Keys.number(rows.key(), 0)).partition());
      }
    }
    return partitions;
  }
}
