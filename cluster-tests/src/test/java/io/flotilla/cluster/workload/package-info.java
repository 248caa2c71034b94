/** Clients that write and read under load and remember everything they were told. */
@NullMarked
package io.flotilla.cluster.workload;

import org.jspecify.annotations.NullMarked;
