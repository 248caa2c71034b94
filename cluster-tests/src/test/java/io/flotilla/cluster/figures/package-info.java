/**
 * The figures that README and release notes quote, by {@code cluster-tests/figures}. Not a test.
 */
@NullMarked
package io.flotilla.cluster.figures;

import org.jspecify.annotations.NullMarked;
