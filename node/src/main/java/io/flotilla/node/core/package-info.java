/**
 * The contract of a replicated state machine: floor 1, pure. Runs on the Raft thread that applies.
 */
@NullMarked
package io.flotilla.node.core;

import org.jspecify.annotations.NullMarked;
