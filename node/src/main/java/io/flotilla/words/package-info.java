/** How numbers and foreign text are said, wherever people read them. */
@NullMarked
package io.flotilla.words;

import org.jspecify.annotations.NullMarked;
