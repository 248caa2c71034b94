/**
 * The web console: pages, streams and actions for browsers, told by a client of the cluster like
 * any other.
 */
@NullMarked
package io.flotilla.console;

import org.jspecify.annotations.NullMarked;
