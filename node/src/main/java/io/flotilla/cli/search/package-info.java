/** Finding events: one by its place or key, many by what they are. */
@NullMarked
package io.flotilla.cli.search;

import org.jspecify.annotations.NullMarked;
