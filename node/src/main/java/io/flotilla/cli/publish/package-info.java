/** Events in: read from lines or lines of JSON, streamed with bounded memory, counted honestly. */
@NullMarked
package io.flotilla.cli.publish;

import org.jspecify.annotations.NullMarked;
