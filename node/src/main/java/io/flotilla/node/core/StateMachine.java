package io.flotilla.node.core;

import com.google.protobuf.ByteString;
import io.flotilla.node.store.WriteBatch;

/**
 * What a Raft group replicates. A pure function from (state in the store, command) to (changes in
 * the write batch, outcome): no clocks, no randomness, nothing that differs between two JVMs.
 * Called by one thread, the one that applies, in log order; after a restart again from an earlier
 * index, whose commands the caller skips when the store already holds their effects.
 *
 * <p>A refusal is an outcome. An exception means that this replica is broken: it stops. Fields are
 * a cache of the store: a machine opened on a store behaves as the one that lived through the log.
 */
public interface StateMachine {

  /**
   * Applies one command: reads through the batch, writes to the batch, answers with a serialised
   * outcome. Does not commit; the caller adds the applied index to the same batch and commits it.
   */
  ByteString apply(Applied at, ByteString command, WriteBatch batch);

  /** The last batch is committed: readers may now be shown what it changed. Must not block. */
  void publish();
}
