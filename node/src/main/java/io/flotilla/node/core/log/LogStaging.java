package io.flotilla.node.core.log;

import com.google.protobuf.ByteString;
import io.flotilla.node.batch.BatchCodec;
import io.flotilla.node.core.Staging;
import io.flotilla.node.model.FlotillaException;
import io.flotilla.node.model.PartitionId;
import io.flotilla.node.store.Keys;
import io.flotilla.node.store.RowBlock;
import io.flotilla.node.store.Store;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.View;
import io.flotilla.node.store.WriteBatch;
import io.flotilla.proto.types.v1.ErrorReason;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stages the rows of a group's partitions, each in the place behind the one in use. Confined to the
 * thread that rebuilds. A stored batch that is not as its producer made it is refused.
 */
public final class LogStaging implements Staging {

  private final Store store;
  private final Map<PartitionId, LogPlace> staged = new LinkedHashMap<>();

  public LogStaging(Store store) {
    this.store = store;
  }

  /** Deletes what a rebuild left that never ended; only while none runs. */
  public static void dropLeftovers(Store store) {
    try (WriteBatch batch = store.newBatch();
        View.Cursor rows = store.scan(Table.PARTITIONS, Keys.FIRST, Keys.last())) {
      while (rows.next()) {
        LogPlace place = new LogPlace(Keys.number(rows.key(), 0));
        if (!place.equals(LogPlace.of(store, place.partition()))) {
          place.clear(batch);
        }
      }
      if (batch.bytes() > 0) {
        store.commit(batch);
      }
    }
  }

  @Override
  public void clear() {
    try (WriteBatch batch = store.newBatch()) {
      staged.values().forEach(place -> place.clear(batch));
      store.commit(batch);
    }
    staged.clear();
  }

  @Override
  public void add(Table table, long partition, ByteString block) {
    if (!LogPlace.TABLES.contains(table)) {
      throw corrupt("rows of table " + table + " belong to no partition");
    }
    try (WriteBatch batch = store.newBatch()) {
      LogPlace place = place(PartitionId.of(partition), batch);
      RowBlock.read(
          block.asReadOnlyByteBuffer(),
          (key, value) -> {
            if (table == Table.EVENTS) {
              check(place.partition(), value);
            }
            batch.put(table, place.key(key), value);
          });
      store.commit(batch);
    } catch (IllegalArgumentException e) {
      throw corrupt(String.valueOf(e.getMessage()));
    }
  }

  private LogPlace place(PartitionId id, WriteBatch batch) {
    LogPlace known = staged.get(id);
    if (known == null) {
      known = LogPlace.of(store, id).next();
      known.clear(batch);
      staged.put(id, known);
    }
    return known;
  }

  private static void check(PartitionId partition, byte[] value) {
    var batch = LogReader.decode(partition, value);
    if (!BatchCodec.crcMatches(batch.getBatch())) {
      throw corrupt(
          "batch at offset " + batch.getBaseOffset() + " of " + partition + " fails its checksum");
    }
  }

  private static FlotillaException corrupt(String what) {
    return new FlotillaException(ErrorReason.ERROR_REASON_CORRUPT_DATA, what);
  }

  @Override
  public void moveIn(WriteBatch batch) {
    staged.forEach(
        (id, place) -> {
          LogPlace.of(store, id).clear(batch);
          place.move(batch);
        });
    staged.clear(); // Whatever follows, they are not to be deleted.
  }
}
