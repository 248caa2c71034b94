package io.flotilla.node.core;

import com.google.protobuf.ByteString;
import io.flotilla.node.store.Table;
import io.flotilla.node.store.WriteBatch;

/**
 * A group's rows on their way into the store from another replica, beside those in use, which stay
 * whole and readable until one write puts the new ones in their place. Confined to the thread that
 * rebuilds; it never writes what is in use.
 */
public interface Staging {

  /** Forgets what was staged, in this run or in one that ended in the middle. */
  void clear();

  /**
   * Stages rows.
   *
   * @param partition whose rows (PartitionId.toLong); 0 = rows of no partition
   * @param block rows (store.RowBlock), keys without the place
   * @throws io.flotilla.node.model.FlotillaException CORRUPT_DATA when they cannot be such rows
   */
  void add(Table table, long partition, ByteString block);

  /** Has the batch put what was staged in the place of what is in use; from now on it is empty. */
  void moveIn(WriteBatch batch);
}
