/** Tests against real processes, one class per story. Runs on JUnit's thread. */
@NullMarked
package io.flotilla.cluster;

import org.jspecify.annotations.NullMarked;
