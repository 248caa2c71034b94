/**
 * The one door to OpenTelemetry's tracing: what a node says of its part in a client's trace, and
 * the W3C trace context that carries it. Where it is off, nothing of the library is loaded.
 */
@NullMarked
package io.flotilla.node.trace;

import org.jspecify.annotations.NullMarked;
