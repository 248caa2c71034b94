/**
 * How the client works: channels, topology, batching, retry, reading. Imported by {@code
 * io.flotilla.client} only, and free to change.
 */
@NullMarked
package io.flotilla.client.internal;

import org.jspecify.annotations.NullMarked;
