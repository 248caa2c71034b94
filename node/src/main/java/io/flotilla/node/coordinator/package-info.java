/**
 * Consumer groups that are coordinated here: sessions of members, timers, what is proposed to the
 * group machines. Proposes, never mutates. One thread, flotilla-coordinator, for all of it. Seen by
 * the router's floor and above.
 */
@NullMarked
package io.flotilla.node.coordinator;

import org.jspecify.annotations.NullMarked;
