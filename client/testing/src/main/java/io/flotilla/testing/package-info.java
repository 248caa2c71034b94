/**
 * Tests against real nodes in the process of the tests: {@link io.flotilla.testing.FlotillaTest} on
 * a class, and parameters of its methods are what they need.
 */
@NullMarked
package io.flotilla.testing;

import org.jspecify.annotations.NullMarked;
