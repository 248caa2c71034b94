/**
 * The pure state machines under an ideal Raft: one thread, one schedule, a few nodes that crash,
 * lag and are rebuilt, clients that retry, and every promise checked. A schedule is a list of steps
 * that means something however many of them are left out, so a failing one shrinks.
 */
@NullMarked
package io.flotilla.node.simulation;

import org.jspecify.annotations.NullMarked;
