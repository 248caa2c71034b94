/**
 * The Java client. {@link io.flotilla.client.FlotillaClient} is the door; what it hands out is safe
 * for use by many threads unless its own comment says otherwise. Nobody outside imports {@code
 * internal}.
 */
@NullMarked
package io.flotilla.client;

import org.jspecify.annotations.NullMarked;
