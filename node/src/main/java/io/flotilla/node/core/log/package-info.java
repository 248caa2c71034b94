/**
 * The event log as a pure state machine: offsets, duplicate producers, time index. Floor 1; one
 * writer, the Raft thread that applies.
 */
@NullMarked
package io.flotilla.node.core.log;

import org.jspecify.annotations.NullMarked;
