/** Requests that no sane client sends, what they are answered with, and that they harm nobody. */
@NullMarked
package io.flotilla.cluster.badinput;

import org.jspecify.annotations.NullMarked;
