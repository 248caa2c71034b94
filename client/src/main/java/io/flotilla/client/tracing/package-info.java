/**
 * Spans of OpenTelemetry for what a client publishes and processes. Needs {@code
 * io.opentelemetry:opentelemetry-api} on the class path; nothing else of the client does.
 */
@NullMarked
package io.flotilla.client.tracing;

import org.jspecify.annotations.NullMarked;
