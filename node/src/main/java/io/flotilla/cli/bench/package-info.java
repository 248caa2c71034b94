/** {@code flotilla bench}: measures a cluster from outside, as any client would. */
@NullMarked
package io.flotilla.cli.bench;

import org.jspecify.annotations.NullMarked;
