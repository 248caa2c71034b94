/** Judges of a history: nothing acknowledged is lost, nothing twice, order holds. Pure. */
@NullMarked
package io.flotilla.cluster.check;

import org.jspecify.annotations.NullMarked;
