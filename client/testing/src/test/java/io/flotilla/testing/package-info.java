/** Tests of the test mode, some of them run by JUnit within JUnit. */
@NullMarked
package io.flotilla.testing;

import org.jspecify.annotations.NullMarked;
