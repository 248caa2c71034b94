/**
 * ConsumerService: subscriptions, fetches, credit streams and offsets. Floor 5; runs on
 * flotilla-call, reads from the store.
 */
@NullMarked
package io.flotilla.node.grpc.read;

import org.jspecify.annotations.NullMarked;
