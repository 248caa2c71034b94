/** The cluster as a whole. */
@NullMarked
package io.flotilla.cli.cluster;

import org.jspecify.annotations.NullMarked;
