/** Tests of a client's spans. */
@NullMarked
package io.flotilla.client.tracing;

import org.jspecify.annotations.NullMarked;
