/**
 * Consumer groups at the door: members' streams, commits, and what is told of groups. Runs on
 * flotilla-call.
 */
@NullMarked
package io.flotilla.node.grpc.group;

import org.jspecify.annotations.NullMarked;
