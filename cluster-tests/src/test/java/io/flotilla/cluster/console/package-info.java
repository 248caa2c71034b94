/** The web console of real nodes, in a real browser. */
@NullMarked
package io.flotilla.cluster.console;

import org.jspecify.annotations.NullMarked;
