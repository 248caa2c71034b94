/**
 * The composition root: builds the floors bottom-up and closes them top-down. May see everything.
 */
@NullMarked
package io.flotilla.node;

import org.jspecify.annotations.NullMarked;
