/**
 * The cluster's metadata as a pure state machine: nodes, topics, Raft groups, producer ids. Floor
 * 1; one writer, the Raft thread that applies.
 */
@NullMarked
package io.flotilla.node.core.metadata;

import org.jspecify.annotations.NullMarked;
