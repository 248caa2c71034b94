/**
 * The only importer of Ratis: RaftHost, Replica (propose, role), StateMachineAdapter, checkpoints.
 * Floor 2.
 */
@NullMarked
package io.flotilla.node.raft;

import org.jspecify.annotations.NullMarked;
