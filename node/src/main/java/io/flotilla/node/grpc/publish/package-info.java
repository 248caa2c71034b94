/**
 * ProducerService: unary publishes with retries, publish streams, and forwarding both to leaders.
 * Floor 5; runs on flotilla-call.
 */
@NullMarked
package io.flotilla.node.grpc.publish;

import org.jspecify.annotations.NullMarked;
