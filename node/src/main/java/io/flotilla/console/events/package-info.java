/** Events in the console: searched, followed live, shown one by one. */
@NullMarked
package io.flotilla.console.events;

import org.jspecify.annotations.NullMarked;
