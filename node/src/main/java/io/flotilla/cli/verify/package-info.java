/** Comparing the replicas of a topic. */
@NullMarked
package io.flotilla.cli.verify;

import org.jspecify.annotations.NullMarked;
