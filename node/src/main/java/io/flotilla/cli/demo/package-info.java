/** The story of a cluster that loses a node and no event, played with real processes. */
@NullMarked
package io.flotilla.cli.demo;

import org.jspecify.annotations.NullMarked;
