/** Clusters of real node processes, their faults, and what to print when a test fails. */
@NullMarked
package io.flotilla.cluster.harness;

import org.jspecify.annotations.NullMarked;
